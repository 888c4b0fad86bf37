/** What is the matter with the phone in the browser, if something is; and in which tab it is. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { usePhone } from "~/softphone/phone";
import styles from "./shift.module.css";

export function PhoneBar() {
  const { t } = useLingui();
  const phone = usePhone();
  if (phone.mode !== "browser") return null;
  const { link, problem, call } = phone.state;
  if (call?.silent) {
    return (
      <div className={styles.bar} data-bad="true" role="alert">
        <span>
          <Trans>
            The microphone is gone: you are not heard. Plug it in again, or allow it in the browser's address bar; you are
            heard as soon as it is there.
          </Trans>
        </span>
      </div>
    );
  }
  if (link === "refused") {
    return (
      <div className={styles.bar} data-bad="true" role="alert">
        <span>
          <Trans>This browser may not be your phone: {problem}. End the shift and choose another phone.</Trans>
        </span>
      </div>
    );
  }
  if (link === "mute") {
    return (
      <div className={styles.bar} data-bad="true" role="alert">
        <span>
          <Trans>There is no microphone, so no call reaches you here. Plug one in; calls come again as soon as it is there.</Trans>
        </span>
      </div>
    );
  }
  if (link !== "ready") {
    return (
      <div className={styles.bar} role="status">
        <span>
          {link === "lost"
            ? t`The phone has lost the server; it tries again by itself. Until then no call reaches you here.`
            : t`The phone is being connected …`}
        </span>
      </div>
    );
  }
  if (call?.sound === "trying") {
    return (
      <div className={styles.bar} data-bad="true" role="alert">
        <span>
          <Trans>The sound has broken off: neither of you hears the other. It is being restored; stay on the line.</Trans>
        </span>
      </div>
    );
  }
  if (call?.sound === "gone") {
    return (
      <div className={styles.bar} data-bad="true" role="alert">
        <span>
          <Trans>
            The sound does not come back: neither of you hears the other. We keep trying. Check your network; if it
            stays so, hang up and call back.
          </Trans>
        </span>
      </div>
    );
  }
  if (problem) {
    return (
      <div className={styles.bar} data-bad="true" role="alert">
        <span>
          <Trans>
            The last call could not be taken here: {problem}. Check that the microphone is allowed; if it stays so, tell
            an administrator.
          </Trans>
        </span>
      </div>
    );
  }
  if (!phone.leads) {
    return (
      <div className={styles.bar} role="status">
        <span>
          <Trans>The phone is in another tab. You can control it from here; the sound is there.</Trans>
        </span>
        {!call && (
          <Button size="compact-md" variant="default" onClick={phone.takeOver}>
            <Trans>Use this tab</Trans>
          </Button>
        )}
      </div>
    );
  }
  if (!phone.audible) {
    return (
      <div className={styles.bar} role="status">
        <span>
          <Trans>The browser lets nothing ring before you have clicked: click anywhere, once.</Trans>
        </span>
      </div>
    );
  }
  return null;
}
