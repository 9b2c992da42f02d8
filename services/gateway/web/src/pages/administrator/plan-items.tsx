// The items of a round that is being planned: which, of whom, with what evidence.
import { useTranslation } from "react-i18next";
import { Checkbox, Select, TextField } from "../../parts/controls";
import type { Item, Programme } from "./data";

export const AS_PROGRAMME = "programme";
const SELECTORS = ["all_schools", "all_authorities", "listed", "attribute"] as const;
type Selector = (typeof SELECTORS)[number];

export interface ItemChoice { isChosen: boolean; selector: string; codes: string; attribute: string; evidence: string; }
// Items not named here are as the programme has them.
export type ItemChoices = Record<string, ItemChoice>;

const USUAL: ItemChoice = { isChosen: true, selector: AS_PROGRAMME, codes: "", attribute: "", evidence: AS_PROGRAMME };

// What the server is told; nothing when the whole programme is asked as it stands.
export function toRoundItems(programme: Programme, choices: ItemChoices) {
  const items = programme.sections.flatMap((section) => section.items);
  if (items.every((item) => isUsual(choices[item.code]))) return [];
  return items.filter((item) => (choices[item.code] ?? USUAL).isChosen).map((item) => {
    const choice = choices[item.code] ?? USUAL;
    const participants = {
      selector: choice.selector,
      ...(choice.selector === "listed" && { codes: choice.codes.split(/[\s,;]+/).filter(Boolean) }),
      ...(choice.selector === "attribute" && { attribute: choice.attribute.trim() }),
    };
    return {
      code: item.code,
      ...(choice.selector !== AS_PROGRAMME && { participants }),
      ...(choice.evidence !== AS_PROGRAMME && { evidenceRule: choice.evidence }),
    };
  });
}

function isUsual(choice: ItemChoice | undefined): boolean {
  return !choice || (choice.isChosen && choice.selector === AS_PROGRAMME && choice.evidence === AS_PROGRAMME);
}

export function useParticipantsText() {
  const { t } = useTranslation("administrator");
  return (participants: Item["participants"] | undefined): string => {
    const selector = participants?.selector ?? "";
    if (selector === "listed") return t("plan.listed", { count: participants!.codes.length });
    if (selector === "attribute") return t("plan.attribute", { attribute: participants!.attribute });
    return SELECTORS.includes(selector as Selector) ? t(`plan.selector.${selector as Selector}`) : t("plan.nobody");
  };
}

export function useEvidenceText() {
  const { t } = useTranslation("administrator");
  return (item: Item): string => t(!item.evidence ? "plan.evidenceNone" : item.evidenceRequired ? "plan.evidenceRequired" : "plan.evidenceAsked");
}

function ItemRow({ item, choice, onChange, isFaulty }: { item: Item; choice: ItemChoice; onChange: (choice: ItemChoice) => void; isFaulty: boolean }) {
  const { t } = useTranslation("administrator");
  const participantsText = useParticipantsText();
  const evidenceText = useEvidenceText();
  return (
    <li className={`plan-item ${choice.isChosen ? "" : "off"} ${isFaulty ? "faulty" : ""}`} id={`plan-item-${item.code}`} tabIndex={-1}>
      <Checkbox isSelected={choice.isChosen} onChange={(isChosen) => onChange({ ...choice, isChosen })}>
        <span>{item.question}</span>
      </Checkbox>
      {choice.isChosen && (
        <div className="field-row plan-rules">
          <Select label={t("plan.participants")} value={choice.selector} onChange={(selector) => onChange({ ...choice, selector })}
            choices={[
              { id: AS_PROGRAMME, text: t("plan.asProgramme", { value: participantsText(item.participants) }) },
              ...SELECTORS.map((id) => ({ id, text: t(`plan.selector.${id}`) })),
            ]} />
          {item.evidence && (
            <Select label={t("plan.evidence")} value={choice.evidence} onChange={(evidence) => onChange({ ...choice, evidence })}
              choices={[
                { id: AS_PROGRAMME, text: t("plan.asProgramme", { value: evidenceText(item) }) },
                { id: "required", text: t("plan.required") }, { id: "waived", text: t("plan.waived") },
              ]} />
          )}
          {choice.selector === "listed" && (
            <TextField label={t("plan.codes")} hint={t("plan.codesHint")} value={choice.codes} isMultiline rows={2} onChange={(codes) => onChange({ ...choice, codes })} />
          )}
          {choice.selector === "attribute" && (
            <TextField label={t("plan.attributeField")} value={choice.attribute} onChange={(attribute) => onChange({ ...choice, attribute })} />
          )}
        </div>
      )}
    </li>
  );
}

export function PlanItems({ programme, choices, onChange, faulty }:
  { programme: Programme; choices: ItemChoices; onChange: (choices: ItemChoices) => void; faulty: ReadonlySet<string> }) {
  const { t } = useTranslation("administrator");
  const all = programme.sections.flatMap((section) => section.items);
  const isChosen = (item: Item) => choices[item.code]?.isChosen ?? true;
  const chooseAll = (items: Item[], isOn: boolean) =>
    onChange({ ...choices, ...Object.fromEntries(items.map((item) => [item.code, { ...(choices[item.code] ?? USUAL), isChosen: isOn }])) });
  const count = all.filter(isChosen).length;
  return (
    <fieldset className="plan-group" id="plan-items" tabIndex={-1}>
      <legend>{t("plan.items")}</legend>
      <p className="hint">{t("plan.itemsHint")}</p>
      <p aria-live="polite">{t("plan.chosen", { count, total: String(all.length) })}</p>
      {programme.sections.map((section) => {
        const chosen = section.items.filter(isChosen).length;
        return (
          <section key={section.code} className="plan-section">
            <Checkbox isSelected={section.items.length > 0 && chosen === section.items.length} isIndeterminate={chosen > 0 && chosen < section.items.length}
              onChange={(isOn) => chooseAll(section.items, isOn)}>
              <strong>{section.title}</strong>
            </Checkbox>
            <ul className="plan-list">
              {section.items.map((item) => (
                <ItemRow key={item.code} item={item} choice={choices[item.code] ?? USUAL} isFaulty={faulty.has(`plan-item-${item.code}`)}
                  onChange={(choice) => onChange({ ...choices, [item.code]: choice })} />
              ))}
            </ul>
          </section>
        );
      })}
    </fieldset>
  );
}
