/**
 * What is live, for components: each of them is told of what it shows, and of nothing else. Items are replaced, never
 * changed, so that a component that got the same item need not be drawn again.
 */
import { type Agent, agentKey, type Call, type Changed, type Domain, type ListName, type LiveEvent, type Queue } from "./fold";
import { LiveSocket } from "./socket";

type Listener = () => void;
type EventListener = (event: LiveEvent) => void;

export interface LiveStatus {
  /** What is shown is what is. */
  live: boolean;
  /** Something was known once. */
  known: boolean;
  /** When the server was last heard, milliseconds by this machine's clock. */
  heardAt: number | null;
}

export interface LoginChecks {
  ended(): void;
  check(): void;
}

export class LiveStore {
  private readonly socket: LiveSocket;
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly eventListeners = new Set<EventListener>();
  private lists: { agents: Agent[] | null; queues: Queue[] | null; calls: Call[] | null } = {
    agents: null,
    queues: null,
    calls: null,
  };
  private shown: LiveStatus = { live: false, known: false, heardAt: null };

  constructor(token: string, gapless: boolean, login: LoginChecks) {
    this.socket = new LiveSocket(token, gapless, {
      changed: (changed) => this.changed(changed),
      event: (event) => this.eventListeners.forEach((listener) => listener(event)),
      status: () => this.refresh(),
      ended: () => login.ended(),
      check: () => login.check(),
    });
  }

  stop(): void {
    this.socket.stop();
  }

  /** The server's clock, milliseconds. */
  now(): number {
    return this.socket.now();
  }

  /** Milliseconds since the server was last heard. */
  age(): number {
    return this.socket.age();
  }

  get status(): LiveStatus {
    return this.shown;
  }

  get domain(): Domain | null {
    return this.socket.known.domain;
  }

  agent(extension: string | null | undefined): Agent | undefined {
    return extension ? this.socket.known.agents.get(extension) : undefined;
  }

  queue(number: string | null | undefined): Queue | undefined {
    return number ? this.socket.known.queues.get(number) : undefined;
  }

  call(id: string | null | undefined): Call | undefined {
    return id ? this.socket.known.calls.get(id) : undefined;
  }

  /** All agents by extension; the same array until one of them changes. */
  get agents(): Agent[] {
    this.lists.agents ??= [...this.socket.known.agents.values()].sort((a, b) => inOrder(agentKey(a), agentKey(b)));
    return this.lists.agents;
  }

  /** All queues by number. */
  get queues(): Queue[] {
    this.lists.queues ??= [...this.socket.known.queues.values()].sort((a, b) => inOrder(a.number, b.number));
    return this.lists.queues;
  }

  /** All live calls, the oldest first. */
  get calls(): Call[] {
    this.lists.calls ??= [...this.socket.known.calls.values()].sort((a, b) => Number(a.id) - Number(b.id));
    return this.lists.calls;
  }

  /** All agents and all live calls, in no order: for whoever only counts. */
  get unsorted(): { agents: Iterable<Agent>; calls: Iterable<Call> } {
    return { agents: this.socket.known.agents.values(), calls: this.socket.known.calls.values() };
  }

  get agentCount(): number {
    return this.socket.known.agents.size;
  }

  /** Topics: `domain`, `status`, a list's name, or an item as `agents/1001`. */
  subscribe(topic: string, listener: Listener): () => void {
    const of = this.listeners.get(topic) ?? new Set();
    this.listeners.set(topic, of.add(listener));
    return () => {
      of.delete(listener);
      if (of.size === 0) this.listeners.delete(topic);
    };
  }

  /** Every event as it comes, after what it changed is in. */
  onEvent(listener: EventListener): () => void {
    this.eventListeners.add(listener);
    return () => this.eventListeners.delete(listener);
  }

  /** Looks again at the age of what is known; called by a clock, too. */
  refresh(): void {
    const heardAt = this.socket.lastHeard;
    const next = { live: this.socket.isLive, known: this.socket.known.seq >= 0 || this.shown.known, heardAt };
    const same = next.live === this.shown.live && next.known === this.shown.known;
    // Of a live connection only the clock goes on, which whoever shows it reads by herself.
    if (same && next.live) {
      this.shown.heardAt = heardAt;
      return;
    }
    this.shown = next;
    this.tell("status");
  }

  private changed(changed: Changed): void {
    if (changed.domain) this.tell("domain");
    for (const list of ["agents", "queues", "calls"] as const) this.changedList(list, changed);
    this.refresh();
  }

  private changedList(list: ListName, changed: Changed): void {
    if (!changed.all && changed[list].size === 0) return;
    this.lists[list] = null;
    if (changed.all) {
      for (const topic of [...this.listeners.keys()]) if (topic.startsWith(`${list}/`)) this.tell(topic);
    }
    for (const key of changed[list]) this.tell(`${list}/${key}`);
    this.tell(list);
  }

  private tell(topic: string): void {
    this.listeners.get(topic)?.forEach((listener) => listener());
  }
}

const inOrder = (a: string, b: string): number => a.localeCompare(b, "en", { numeric: true });
