/** What component tests stand on: words, theme, live state and a phone that are made up. */
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { vi } from "vitest";
import { MeOf } from "./api/me";
import type { Me } from "./api/session";
import type { Agent, Call, Queue } from "./live/fold";
import { LiveOf } from "./live/live";
import type { LiveStore } from "./live/store";
import { type Phone, PhoneOf } from "./softphone/phone";
import { NO_PHONE } from "./softphone/port";
import { Ringer } from "./softphone/ringer";

interface World {
  agents?: Agent[];
  queues?: Queue[];
  calls?: Call[];
  /** The server's clock. */
  now?: string;
  phone?: Partial<Phone>;
  me?: Me;
}

/** A store that knows what it was given, and hears nothing. */
function liveOf({ agents = [], queues = [], calls = [], now = "2026-01-01T10:00:00Z" }: World): LiveStore {
  const quiet = () => () => {};
  const store = {
    agents,
    queues,
    calls,
    domain: null,
    status: { live: true, known: true, heardAt: Date.now() },
    now: () => Date.parse(now),
    age: () => 0,
    agent: (extension: string) => agents.find((one) => one.extension === extension),
    queue: (number: string) => queues.find((one) => one.number === number),
    call: (id: string) => calls.find((one) => one.id === id),
    subscribe: quiet,
    onEvent: quiet,
  };
  return store as unknown as LiveStore;
}

/** A call from outside that rings 1001. */
export const ringingCall = (more: Partial<Call> = {}): Call =>
  ({
    id: "7",
    state: "ringing",
    direction: "inbound",
    caller: { name: "Clara Busch", number: "+49301234" },
    dialed: "+49300",
    started_at: "2026-01-01T09:59:50Z",
    legs: [
      { id: "a", extension: null, status: "answered", started_at: "2026-01-01T09:59:50Z" },
      { id: "b", extension: "1001", status: "ringing", ringing_at: "2026-01-01T09:59:55Z", started_at: "2026-01-01T09:59:54Z" },
    ],
    ...more,
  }) as unknown as Call;

/** A phone whose every act is watched. */
export function phoneOf(phone: Partial<Phone> = {}): Phone {
  return {
    mode: "browser",
    state: { ...NO_PHONE, link: "ready" },
    leads: true,
    audible: true,
    ringer: new Ringer(),
    begin: vi.fn(async () => {}),
    finish: vi.fn(),
    stay: vi.fn(),
    answer: vi.fn(),
    end: vi.fn(),
    mute: vi.fn(),
    takeOver: vi.fn(),
    expect: vi.fn(),
    unexpect: vi.fn(),
    ...phone,
  };
}

/** What was asked of the server, with the path and what was sent. */
export interface Asked {
  method: string;
  path: string;
  body: unknown;
  request: Request;
}

/** A server that answers as `answer` says, and keeps what it was asked. Undo it by `vi.unstubAllGlobals`. */
export function serve(answer: (asked: Asked) => unknown): Asked[] {
  const all: Asked[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const url = new URL(request.url);
    const text = request.method === "GET" ? "" : await request.text();
    const asked = { method: request.method, path: url.pathname + url.search, body: text ? JSON.parse(text) : null, request };
    all.push(asked);
    const given = await answer(asked);
    if (given instanceof Response) return given;
    return new Response(JSON.stringify(given ?? {}), { headers: { "Content-Type": "application/json" } });
  });
  return all;
}

/** What a server that refuses answers. */
export const refusal = (status: number, type: string, title: string): Response =>
  new Response(JSON.stringify({ type: `/problems/${type}`, title, status }), {
    status,
    headers: { "Content-Type": "application/problem+json" },
  });

const NOBODY = { name: "Ann", domain: "acme.test", rights: [] } as unknown as Me;

export function show(what: ReactNode, world: World = {}) {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const live = liveOf(world);
  const phone = phoneOf(world.phone);
  const whole = (content: ReactNode) => (
    <I18nProvider i18n={i18n}>
      <MantineProvider env="test">
        <QueryClientProvider client={queries}>
          <LiveOf value={live}>
            <MeOf value={world.me ?? NOBODY}>
              <PhoneOf value={phone}>{content}</PhoneOf>
            </MeOf>
          </LiveOf>
        </QueryClientProvider>
      </MantineProvider>
    </I18nProvider>
  );
  const shown = render(whole(what));
  return { ...shown, rerender: (next: ReactNode) => shown.rerender(whole(next)), queries };
}
