/** An entry that is known by two: a caller with agents of his own in one queue. */
import { createLazyRoute } from "@tanstack/react-router";
import { Existing } from "./Existing";

export const page = createLazyRoute("/inside/admin/$section/edit/$key/$second")({ component: Two });

function Two() {
  const { section, key, second } = page.useParams();
  return <Existing section={section} keys={[key, second]} />;
}
