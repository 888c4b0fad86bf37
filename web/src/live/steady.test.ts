/** A list that others look at while it changes. */
import { renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { useSteady } from "./steady";

const shown = (first: string[], text = "a") =>
  renderHook(({ found, text: of }: { found: string[]; text: string }) => useSteady(found, of, (one) => one), { initialProps: { found: first, text } });

test("nothing changes its place while one looks, and what is new comes last", () => {
  const { result, rerender } = shown(["ann", "bob", "cleo"]);
  rerender({ found: ["cleo", "dan", "ann", "bob"], text: "a" });
  expect(result.current).toEqual(["ann", "bob", "cleo", "dan"]);
  rerender({ found: ["cleo", "dan", "bob"], text: "a" });
  expect(result.current).toEqual(["bob", "cleo", "dan"]);
});

test("with another text it is found anew", () => {
  const { result, rerender } = shown(["ann", "bob"]);
  rerender({ found: ["bob", "ann"], text: "b" });
  expect(result.current).toEqual(["bob", "ann"]);
});
