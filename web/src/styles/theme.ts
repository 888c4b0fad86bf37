/** Colours and type: calm, with enough contrast in both schemes, and the system's own fonts. */
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

/** From the mark: a green that is nearly blue. */
const cord: MantineColorsTuple = [
  "#ecfaf8",
  "#d8f1ee",
  "#aee3dc",
  "#80d4ca",
  "#5ac8bb",
  "#37aa9c",
  "#178479",
  "#0f766e",
  "#0b5f59",
  "#074843",
];

/** For what is good to do, and for what ends something: white on shade 7 can be read by everybody. */
const leaf: MantineColorsTuple = [
  "#e9f9ef",
  "#d6efdf",
  "#aadebd",
  "#7bcd99",
  "#54be7a",
  "#3bb566",
  "#1c8a48",
  "#0f7a3c",
  "#0b6331",
  "#064c24",
];
const brick: MantineColorsTuple = [
  "#ffecea",
  "#fbd8d4",
  "#f3aea7",
  "#ec8278",
  "#e65c4f",
  "#e34435",
  "#cc3125",
  "#b42318",
  "#991b12",
  "#7c120b",
];

/** Greys with a little of the same green, so that cards, fields and buttons belong together in the dark. */
const dark: MantineColorsTuple = [
  "#d5dedc",
  "#b5c1bf",
  "#93a09e",
  "#6b7876",
  "#3d4948",
  "#344040",
  "#252e2d",
  "#1b2222",
  "#161c1c",
  "#131818",
];

export const theme = createTheme({
  primaryColor: "cord",
  colors: { cord, leaf, brick, dark },
  primaryShade: { light: 7, dark: 7 },
  autoContrast: true,
  luminanceThreshold: 0.32,
  defaultRadius: "md",
  cursorType: "pointer",
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', 'Liberation Mono', monospace",
  headings: { fontWeight: "600", sizes: { h1: { fontSize: "1.5rem" }, h2: { fontSize: "1.125rem" }, h3: { fontSize: "1rem" } } },
  respectReducedMotion: true,
  components: {
    // Fields beside each other stand in a row, whether they are explained or not.
    InputWrapper: { defaultProps: { inputWrapperOrder: ["label", "input", "description", "error"] } },
    // The head of a dialog is not the head of the page.
    ModalHeader: { defaultProps: { role: "presentation" } },
    DrawerHeader: { defaultProps: { role: "presentation" } },
  },
});

/** Mantine's own dim and placeholder colours are too faint to be read by everybody. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#f7f8f8",
    "--mantine-color-text": "#15201f",
    "--mantine-color-dimmed": "#4d5a59",
    "--mantine-color-placeholder": "#66706f",
    "--mantine-color-error": "#b42318",
    "--mantine-color-anchor": "#0b5f59",
    "--card": "#ffffff",
    "--line": "#dfe5e4",
    "--quiet": "#eef2f1",
    "--good": "#0b6b3a",
    "--good-soft": "#dcf5e6",
    "--busy": "#8a3c00",
    "--busy-soft": "#ffecd6",
    "--bad": "#b42318",
    "--bad-soft": "#fde8e6",
    "--calm": "#3d4a49",
    "--calm-soft": "#e7ecec",
    "--call": "#14508c",
    "--call-soft": "#e0eefc",
  },
  dark: {
    "--mantine-color-body": "#131818",
    "--mantine-color-text": "#e6ecea",
    "--mantine-color-dimmed": "#a3b0ae",
    "--mantine-color-placeholder": "#93a09e",
    "--mantine-color-error": "#ff9b8f",
    "--mantine-color-anchor": "#6fd3c7",
    "--card": "#1b2222",
    "--line": "#303a39",
    "--quiet": "#252e2d",
    "--good": "#7fdca6",
    "--good-soft": "#12372a",
    "--busy": "#ffc078",
    "--busy-soft": "#3d2a12",
    "--bad": "#ff9b8f",
    "--bad-soft": "#45201c",
    "--calm": "#c3cecc",
    "--calm-soft": "#2b3534",
    "--call": "#9ccbff",
    "--call-soft": "#17314d",
  },
});
