/** A part that is loaded when it is opened. */
import { screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { show } from "~/testing";
import { later } from "./Later";

const Part = ({ opened }: { opened: boolean; onClose(): void }) => <p>{opened ? "open" : "closed"}</p>;

test("it is fetched with the first opening, and goes on living", async () => {
  const load = vi.fn(async () => Part);
  const Lazy = later(load);
  const { rerender } = show(<Lazy opened={false} onClose={() => {}} />);
  expect(load).not.toHaveBeenCalled();
  rerender(<Lazy opened onClose={() => {}} />);
  expect(await screen.findByText("open")).toBeTruthy();
  rerender(<Lazy opened={false} onClose={() => {}} />);
  expect(screen.getByText("closed")).toBeTruthy();
  expect(load).toHaveBeenCalledOnce();
});

test("what cannot be had is closed again, and asked for once more", async () => {
  const load = vi.fn(async () => Part).mockRejectedValueOnce(new Error("gone"));
  const Lazy = later(load);
  const onClose = vi.fn();
  const { rerender } = show(<Lazy opened onClose={onClose} />);
  await waitFor(() => expect(onClose).toHaveBeenCalledOnce());
  rerender(<Lazy opened={false} onClose={onClose} />);
  rerender(<Lazy opened onClose={onClose} />);
  expect(await screen.findByText("open")).toBeTruthy();
});
