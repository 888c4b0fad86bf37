/** The address of a big screen: everything after the `#`, which no request ever carries. Pure. */
import type { Schemas } from "~/api/client";

/** By which the keys of screens are known among the domain's keys. */
export const PREFIX = "wallboard: ";
export const NAME_MAX = 40;

export interface Screen {
  key: string;
  /** Only these queues; all if empty. */
  queues: string[];
  light: boolean;
}

export function screenAddress(origin: string, { key, queues, light }: Screen): string {
  const more = [...(queues.length ? [`queues=${queues.join(",")}`] : []), ...(light ? ["light"] : [])];
  return `${origin}/board#${[key, ...more].join("&")}`;
}

export function readScreen(hash: string): Screen | null {
  const [key = "", ...more] = hash.replace(/^#/, "").split("&");
  if (!/^[\w-]{8,200}$/.test(key)) return null;
  const queues = more.find((word) => word.startsWith("queues="))?.slice("queues=".length) ?? "";
  return { key, queues: queues.split(",").filter((number) => /^[\w*#+]{1,32}$/.test(number)), light: more.includes("light") };
}

export const screens = (keys: Schemas["KeyItem"][]): Schemas["KeyItem"][] =>
  keys.filter(({ name }) => name.startsWith(PREFIX));
