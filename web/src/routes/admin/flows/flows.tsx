/** A flow as a picture. */
import { createLazyRoute } from "@tanstack/react-router";
import { Page } from "~/components/Page/Page";

export const page = createLazyRoute("/inside/admin/flows/graph/$number")({ component: Flow });

function Flow() {
  const { number } = page.useParams();
  return <Page title={number}>{null}</Page>;
}
