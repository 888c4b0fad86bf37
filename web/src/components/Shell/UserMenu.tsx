/** What concerns whoever is logged in: language, light or dark, the API, the way out. */
import { Trans, useLingui } from "@lingui/react/macro";
import { Menu, useMantineColorScheme } from "@mantine/core";
import { IconCheck, IconChevronDown } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { answer, api } from "~/api/client";
import { type Me, session } from "~/api/session";
import { choose, LANGUAGES, type Language } from "~/i18n/i18n";
import styles from "./Shell.module.css";

export function UserMenu({ me }: { me: Me }) {
  const { t, i18n } = useLingui();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const schemes = [
    ["auto", t`As the system`],
    ["light", t`Light`],
    ["dark", t`Dark`],
  ] as const;
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <button type="button" className={styles.user}>
          <span className={styles.initials} aria-hidden="true">
            {initials(me.name)}
          </span>
          <span className={styles.who}>{me.name}</span>
          <span className="visually-hidden">
            <Trans>Your menu</Trans>
          </span>
          <IconChevronDown size={16} aria-hidden="true" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.name}
          {me.extension ? ` · ${me.extension}` : ""}
          <br />
          {me.domain}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>
          <Trans>Language</Trans>
        </Menu.Label>
        {(Object.keys(LANGUAGES) as Language[]).map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            aria-current={i18n.locale === language}
            rightSection={i18n.locale === language && <IconCheck size={16} />}
            onClick={() => void choose(language)}
          >
            {LANGUAGES[language]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>
          <Trans>Appearance</Trans>
        </Menu.Label>
        {schemes.map(([scheme, word]) => (
          <Menu.Item
            key={scheme}
            aria-current={colorScheme === scheme}
            rightSection={colorScheme === scheme && <IconCheck size={16} />}
            onClick={() => setColorScheme(scheme)}
          >
            {word}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item component={Link} to="/account">
          <Trans>Your account</Trans>
        </Menu.Item>
        <Menu.Item component="a" href="/docs">
          <Trans>API</Trans>
        </Menu.Item>
        <Menu.Item onClick={() => void logOut()}>
          <Trans>Log out</Trans>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

async function logOut(): Promise<void> {
  await session.settle();
  // A server that does not answer keeps nobody from leaving; the login then ends by its time.
  await answer(api.POST("/v1/auth/logout")).catch(() => {});
  session.leave();
}

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => word[0] ?? "")
    .filter((_, at, all) => at === 0 || at === all.length - 1)
    .join("")
    .toUpperCase();
