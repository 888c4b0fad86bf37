/** Where short messages are shown. What is said before this is there is shown as soon as it is. */
export { Notifications as Notices } from "@mantine/notifications";
