/** Reasons for not being ready: the domain's own list with its labels, the system's own translated, others as they are. */
import { useLingui } from "@lingui/react";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { list, OWN, type Schemas } from "~/api/client";
import { useSource } from "~/api/source";
import { reasonWord } from "./words";

const FRESH_TIME = 5 * 60_000;
const LIMIT = 200;

/** All not-ready codes of the domain; none before they are known. */
export function useNotReadyCodes(): Schemas["NotReadyCodeItem"][] {
  const source = useSource();
  const { data } = useQuery({
    queryKey: ["not-ready-codes"],
    queryFn: () =>
      list(source.GET("/v1/domains/{domain}/not-ready-codes", { params: { path: { domain: OWN }, query: { limit: LIMIT } } })),
    staleTime: FRESH_TIME,
  });
  return data?.items ?? NONE;
}

const NONE: Schemas["NotReadyCodeItem"][] = [];

/** Where the domain has no list, any word is a reason. */
const USUAL = ["break", "lunch", "meeting", "other"];

/** The reasons that can be chosen, in words. */
export function useNotReadyChoices(): { code: string; word: string }[] {
  const say = useReasonWord();
  const own = useNotReadyCodes();
  return useMemo(() => {
    const codes = own.length > 0 ? own.filter(({ enabled }) => enabled).map(({ code }) => code) : USUAL;
    return codes.map((code) => ({ code, word: say(code) }));
  }, [own, say]);
}

/** Says a reason as people read it. */
export function useReasonWord(): (reason: string) => string {
  const { _ } = useLingui();
  const codes = useNotReadyCodes();
  return useCallback(
    (reason: string) => codes.find(({ code }) => code === reason)?.label ?? reasonWord(reason, _),
    [codes, _],
  );
}
