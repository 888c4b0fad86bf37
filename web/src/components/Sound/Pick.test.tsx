/** What is heard before it is saved is what will be saved. */
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { show } from "~/testing";
import { Pick } from "./Pick";

/** Loads once, as the real one does. */
vi.mock("./Sound", () => ({
  Sound: ({ sound }: { sound: File }) => {
    const [first] = useState(sound);
    return <p>heard: {first.name}</p>;
  },
}));

function Chooser() {
  const [sound, setSound] = useState<Blob | null>(null);
  return <Pick way="file" sound={sound} onWay={() => {}} onSound={setSound} />;
}

test("another file of the same size is another sound", async () => {
  const { container } = show(<Chooser />);
  const input = container.querySelector<HTMLInputElement>("input[type=file]")!;
  await userEvent.upload(input, new File(["one"], "one.wav", { type: "audio/wav" }));
  expect(screen.getByText("heard: one.wav")).toBeTruthy();
  await userEvent.upload(input, new File(["two"], "two.wav", { type: "audio/wav" }));
  expect(screen.getByText("heard: two.wav")).toBeTruthy();
});
