/** The fields of one step, by what it does. */
import { useLingui } from "@lingui/react/macro";
import { Select, TextInput } from "@mantine/core";
import type { Entry } from "../model/json";
import { forms } from "../model/schema";
import { Fields } from "../parts/FieldView";
import { useFault } from "../parts/form";
import { labelOf, optionOf } from "../parts/words";
import { DEEDS, type Deed, doing, fieldsOf, idOf, isDeed } from "./steps";
import styles from "../Admin.module.css";

interface Props {
  step: Entry;
  at: number;
  onChange(step: Entry): void;
  /** Its name changes: ways to it follow. */
  onRename(id: string): void;
}

export function StepForm({ step, at, onChange, onRename }: Props) {
  const { t } = useLingui();
  const fields = forms.fields("StepShape");
  const own = fieldsOf(step).flatMap((name) => fields.find((field) => field.name === name) ?? []);
  const path = ["steps", at];
  const fault = useFault(path);
  const idFault = useFault([...path, "id"]);
  return (
    <div className={styles.stack}>
      {fault && (
        <p className={styles.wrong} role="alert">
          {fault}
        </p>
      )}
      <div className={styles.fields}>
        <TextInput
          label={labelOf({ shape: "Step", name: "id" })}
          description={t`Letters, digits, - and _.`}
          error={idFault}
          maxLength={64}
          spellCheck={false}
          value={idOf(step)}
          onChange={({ currentTarget }) => onRename(currentTarget.value)}
        />
        <Select
          label={labelOf({ shape: "Step", name: "do" })}
          description={t`Fields that mean nothing for it go.`}
          allowDeselect={false}
          data={(Object.keys(DEEDS) as Deed[]).map((deed) => ({ value: deed, label: optionOf("Deed", deed) }))}
          value={isDeed(step.do) ? step.do : null}
          onChange={(deed) => isDeed(deed ?? undefined) && onChange(doing(step, deed as Deed))}
        />
      </div>
      <Fields fields={own} entry={step} path={path} onChange={onChange} />
    </div>
  );
}
