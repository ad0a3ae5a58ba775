import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { z } from "zod";
import { RequestError, send } from "../api/request.ts";
import { useWords } from "../i18n/language.tsx";
import { sentenceOf } from "../parts/states.tsx";

/** Ends the session at the centre and leaves nothing of the person in the page's memory. */
export function useSignOut(): () => Promise<void> {
  const words = useWords();
  const client = useQueryClient();
  const { message } = App.useApp();
  return async () => {
    try {
      await send(z.object({ ok: z.boolean() }), "/api/sign-out");
    } catch (cause) {
      if (!(cause instanceof RequestError && cause.status === 401)) return void message.error(sentenceOf(cause, words));
    }
    location.assign("/sign-in");
    client.clear();
  };
}
