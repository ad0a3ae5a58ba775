import { useQuery } from "@tanstack/react-query";
import { queries } from "../api/queries.ts";
import { useWords } from "../i18n/language.tsx";
import { useMay } from "../shell/me.ts";

/** A unit by name where the viewer may read units, else by its path. */
export function UnitName({ path }: { path: string }) {
  const { pick } = useWords();
  const { data } = useQuery({ ...queries.units(), enabled: useMay("fleet.read") });
  const unit = data?.find((each) => each.path === path);
  return <span title={path}>{unit ? pick(unit.nameZh, unit.nameEn) : path}</span>;
}
