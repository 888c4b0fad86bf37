/** Intervals by name: a day as a date, a shorter one by its beginning, with the date where there are several days. */
import { dayOf, type Span } from "./span";

export function name(at: string, span: Span, locale: string): string {
  const day = { weekday: "short", day: "2-digit", month: "2-digit", timeZone: span.zone } as const;
  const then = new Date(at);
  if (span.interval === "1d") return then.toLocaleDateString(locale, day);
  const time = then.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: span.zone });
  const several = dayOf(Date.parse(span.from), span.zone) !== dayOf(Date.parse(span.to) - 1, span.zone);
  return several ? `${then.toLocaleDateString(locale, day)} ${time}` : time;
}
