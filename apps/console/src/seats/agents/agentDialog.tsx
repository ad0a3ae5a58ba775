import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import type { AgentRow, SeatDirectory } from "@gridhall/domain/seats/api.ts";
import { SkillId } from "@gridhall/domain/routing/skills.ts";
import { useQueryClient } from "@tanstack/react-query";
import { Alert, App, AutoComplete, Button, Input, Modal, Select, Slider } from "antd";
import { useState } from "react";
import { z } from "zod";
import { replace, send } from "../../api/request.ts";
import { useWords } from "../../i18n/language.tsx";
import { sentenceOf } from "../../parts/states.tsx";
import { useMe } from "../../shell/me.ts";
import { useChoices } from "../policies/useNames.ts";
import { Field } from "../policies/stepCard.tsx";

const Done = z.object({ ok: z.literal(true) });

/** Groups, unit and skills of one agent; null: a person who becomes one. Routing follows at once. */
export function AgentDialog({
  agent,
  directory,
  onClose,
}: {
  agent: AgentRow | null;
  directory: SeatDirectory;
  onClose(): void;
}) {
  const words = useWords();
  const { t, pick } = words;
  const { message } = App.useApp();
  const me = useMe();
  const client = useQueryClient();
  const { groups, units, names } = useChoices();
  const [login, setLogin] = useState("");
  const [mine, setMine] = useState<string[]>([...(agent?.groups ?? [])]);
  const [unitPath, setUnitPath] = useState<string>(agent?.unitPath ?? units[0]?.value ?? "");
  const [skills, setSkills] = useState<[string, number][]>(Object.entries(agent?.skills ?? {}));
  const [added, setAdded] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const addable = SkillId.safeParse(added).success && !skills.some(([skill]) => skill === added);
  const save = async () => {
    setBusy(true);
    setError(null);
    const settings = { groups: mine, unitPath, skills: Object.fromEntries(skills) };
    try {
      if (agent) await replace(Done, `/api/seats/agents/${encodeURIComponent(agent.seatId)}`, settings);
      else await send(Done, "/api/seats/agents", { ...settings, login: login.trim() });
      void message.success(t("agents.saved"));
      await client.invalidateQueries({ queryKey: ["seat-directory"] });
      onClose();
    } catch (cause) {
      setError(sentenceOf(cause, words));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={agent ? `${pick(agent.nameZh, agent.nameEn)} · ${agent.number}` : t("agents.new")}
      onCancel={onClose}
      onOk={() => void save()}
      okText={t("agents.save")}
      cancelText={t("cancel")}
      confirmLoading={busy}
      okButtonProps={{ disabled: (agent === null && login.trim() === "") || unitPath === "" }}
      width={620}
    >
      <div className="stack dialog">
        {agent ? null : (
          <Field label={t("agents.login")}>
            <Input
              value={login}
              maxLength={60}
              autoFocus
              onChange={(event) => setLogin(event.target.value)}
              placeholder={me.login}
              aria-label={t("agents.login")}
              data-testid="agent-login"
            />
          </Field>
        )}
        <Field label={t("agents.groups")}>
          <Select
            mode="multiple"
            value={mine}
            options={groups}
            onChange={setMine}
            aria-label={t("agents.groups")}
            data-testid="agent-groups"
          />
        </Field>
        <Field label={t("agents.unit")}>
          <Select
            value={unitPath}
            options={units}
            showSearch={{ optionFilterProp: "label" }}
            onChange={setUnitPath}
            aria-label={t("agents.unit")}
          />
        </Field>
        <Field label={t("agents.skills-hint")}>
          {skills.map(([skill, level]) => (
            <div key={skill} className="skill-row">
              <span>
                {names.skill(skill)} <span className="code">{skill}</span>
              </span>
              <Slider
                min={1}
                max={10}
                value={level}
                marks={{ 1: "1", 5: "5", 10: "10" }}
                ariaLabelForHandle={names.skill(skill)}
                onChange={(next) => setSkills(skills.map((entry) => (entry[0] === skill ? [skill, next] : entry)))}
              />
              <b className="figure">{level}</b>
              <Button
                type="text"
                danger
                icon={<DeleteOutlined />}
                aria-label={t("agents.remove-skill", { skill: names.skill(skill) })}
                onClick={() => setSkills(skills.filter((entry) => entry[0] !== skill))}
              />
            </div>
          ))}
          <div className="tools">
            <AutoComplete
              className="filter wide"
              value={added}
              onChange={setAdded}
              options={directory.skills
                .filter((one) => !skills.some(([skill]) => skill === one.skill))
                .map((one) => ({ value: one.skill, label: `${pick(one.title.zh, one.title.en)} ${one.skill}` }))}
              placeholder={t("agents.skill-placeholder")}
              aria-label={t("agents.add-skill")}
            />
            <Button
              icon={<PlusOutlined />}
              disabled={!addable}
              onClick={() => {
                setSkills([...skills, [added, 5]]);
                setAdded("");
              }}
            >
              {t("agents.add-skill")}
            </Button>
          </div>
        </Field>
        {error === null ? null : <Alert type="error" showIcon title={error} role="alert" />}
      </div>
    </Modal>
  );
}
