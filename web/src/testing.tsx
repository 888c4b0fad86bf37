/** What component tests stand on: words, theme, live state and a phone that are made up. */
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { vi } from "vitest";
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

export function show(what: ReactNode, world: World = {}) {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <I18nProvider i18n={i18n}>
      <MantineProvider env="test">
        <QueryClientProvider client={queries}>
          <LiveOf value={liveOf(world)}>
            <PhoneOf value={phoneOf(world.phone)}>{what}</PhoneOf>
          </LiveOf>
        </QueryClientProvider>
      </MantineProvider>
    </I18nProvider>,
  );
}
