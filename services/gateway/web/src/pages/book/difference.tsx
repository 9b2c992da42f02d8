// What differs between two versions, in words.
import { useTranslation } from "react-i18next";
import type { Change, FieldChange } from "./data";

const SIGNIFICANCES = ["high", "medium", "low"] as const;
const KINDS = ["number", "yes_no", "percent", "documents", "table"] as const;

function useShown() {
  const { t } = useTranslation("book");
  return (field: FieldChange["field"], text: string): string => {
    if (text === "yes" || text === "no") return t(text);
    const significance = field === "significance" ? SIGNIFICANCES.find((one) => one === text) : undefined;
    if (significance) return t(`significance.${significance}`);
    const kind = field === "valueKind" ? KINDS.find((one) => one === text) : undefined;
    return kind ? t(`kind.${kind}`) : text || t("nothing");
  };
}

export function Difference({ changes }: { changes: Change[] }) {
  const { t } = useTranslation("book");
  const shown = useShown();
  if (changes.length === 0) return <p className="muted">{t("difference.none")}</p>;
  return (
    <ul className="book-difference">
      {changes.map((change) => (
        <li key={change.key}>
          <span className={`book-act ${change.act}`}>{t(`difference.${change.act}`)}</span>{" "}
          <span>{change.act === "moved" ? t(`difference.order.${change.of as "programme"}`, { name: change.name }) : change.name}</span>
          {change.fields.length > 0 && (
            <ul>
              {change.fields.map(({ field, was, is }) => (
                <li key={field}>{t(`field.${field}`)}{was || is ? <>: <del>{shown(field, was)}</del> → <ins>{shown(field, is)}</ins></> : ` — ${t("difference.other")}`}</li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ul>
  );
}
