/** The areas of the app, in order, and who is shown which. */
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { may, type Me } from "~/api/session";

export interface Area {
  to: "/desk" | "/wallboard" | "/calls" | "/reports" | "/admin";
  word: MessageDescriptor;
  shown(me: Me): boolean;
}

export const AREAS: Area[] = [
  { to: "/desk", word: msg`Desk`, shown: (me) => me.extension !== null && me.extension !== undefined && may(me, "own") },
  { to: "/wallboard", word: msg`Wallboard`, shown: (me) => may(me, "read") && may(me, "agent_state") },
  { to: "/calls", word: msg`Calls`, shown: (me) => may(me, "read") && may(me, "agent_state") },
  { to: "/reports", word: msg`Reports`, shown: (me) => may(me, "read") && may(me, "agent_state") },
  { to: "/admin", word: msg`Administration`, shown: (me) => may(me, "configuration") },
];

/** Where somebody begins. Without a domain there is nothing to see yet, and all to set up. */
export const home = (me: Me): Area["to"] =>
  me.domain === "" ? "/admin" : (AREAS.find((area) => area.shown(me))?.to ?? "/desk");
