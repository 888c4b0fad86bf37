/** A picture of intervals: counts as stacked bars, a share as a line. Loaded only where it is shown. */
import "uplot/dist/uPlot.min.css";
import { useComputedColorScheme } from "@mantine/core";
import { useLingui } from "@lingui/react/macro";
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import { region } from "~/i18n/i18n";
import styles from "./reports.module.css";
import { reach } from "./span";

export interface Series {
  name: string;
  /** A colour of the theme, as a variable. */
  colour: string;
  values: (number | null)[];
}

export interface ChartData {
  /** Seconds since 1970. */
  times: number[];
  bars: Series[];
  /** Per cent. */
  line: Series;
}

const HEIGHT = 220;
const BAR_SHARE = 0.7;
const BAR_MAX = 60;

export default function Chart({ data, zone, days }: { data: ChartData; zone: string; days: boolean }) {
  const node = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme("light");
  const { i18n, t } = useLingui();
  useEffect(() => {
    const place = node.current;
    if (!place) return;
    const plot = new uPlot(options(place, data, { zone, days, locale: region(), from: t`From` }), stacked(data), place);
    const watch = new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: HEIGHT }));
    watch.observe(place);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
    // The colours are read when it is made: another scheme makes it anew.
  }, [data, zone, days, scheme, i18n.locale, t]);
  return <div ref={node} className={styles.chart} role="img" aria-label={t`Calls of each interval; the table below has the numbers.`} />;
}

/** Each bar stands on those before it; the tallest is drawn first. */
function stacked({ times, bars, line }: ChartData): uPlot.AlignedData {
  const tops: number[][] = [];
  for (const { values } of bars) {
    const under = tops.at(-1);
    tops.push(values.map((value, n) => (value ?? 0) + (under?.[n] ?? 0)));
  }
  return [times, ...tops.reverse(), line.values];
}

interface Look {
  zone: string;
  days: boolean;
  locale: string;
  /** The name of the moments. */
  from: string;
}

function options(place: HTMLElement, { times, bars, line }: ChartData, { zone, days, locale, from }: Look): uPlot.Options {
  const style = getComputedStyle(place);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const text = colour("--mantine-color-dimmed");
  const grid = { stroke: colour("--line"), width: 1 };
  const time = new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    ...(days ? { day: "2-digit", month: "2-digit" } : { hour: "2-digit", minute: "2-digit", hourCycle: "h23" as const }),
  });
  const font = `12px ${style.fontFamily}`;
  const shape = uPlot.paths.bars?.({ size: [BAR_SHARE, BAR_MAX], align: 1 });
  const count = bars.length;
  return {
    width: place.clientWidth,
    height: HEIGHT,
    tzDate: (at) => uPlot.tzDate(new Date(at * 1000), zone),
    cursor: { drag: { x: false, y: false } },
    scales: { x: { time: true, range: () => reach(times) }, y: { range: (_plot, _min, max) => [0, Math.max(4, max * 1.1)] }, share: { range: [0, 105] } },
    axes: [
      { stroke: text, font, grid: { show: false }, ticks: { show: false }, values: (_plot, splits) => splits.map((at) => time.format(at * 1000)) },
      { stroke: text, font, grid, ticks: { show: false }, size: 44 },
      { stroke: text, font, grid: { show: false }, ticks: { show: false }, side: 1, scale: "share", size: 52, values: (_plot, splits) => splits.map((n) => `${n} %`) },
    ],
    series: [
      { label: from, value: (_plot, at) => (at == null ? "" : time.format(at * 1000)) },
      ...[...bars].reverse().map((one, n): uPlot.Series => ({
        label: one.name,
        fill: colour(one.colour),
        width: 0,
        points: { show: false },
        ...(shape ? { paths: shape } : {}),
        value: (_plot, _top, _series, at) => (at == null ? "" : String(bars[count - 1 - n]?.values[at] ?? 0)),
      })),
      {
        label: line.name,
        scale: "share",
        stroke: colour(line.colour),
        width: 2,
        spanGaps: true,
        points: { show: true, size: 5 },
        value: (_plot, share) => (share == null ? "–" : `${Math.round(share)} %`),
      },
    ],
    legend: { live: true },
  };
}
