// Buttons and fields: the library's behaviour with our look, and one place where a field's error and hint stand.
import { memo, type ReactNode, type Ref } from "react";
import {
  Button as AriaButton, type ButtonProps as AriaButtonProps, Checkbox as AriaCheckbox,
  FieldError, Input, Label, ListBox, ListBoxItem, Popover, Radio, RadioGroup as AriaRadioGroup,
  SearchField as AriaSearchField, Select as AriaSelect, SelectValue, Text, TextArea, TextField as AriaTextField,
} from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { Icon, type IconName } from "./icons";

type Kind = "primary" | "plain" | "quiet" | "danger";

export interface ButtonProps extends Omit<AriaButtonProps, "className" | "children"> {
  kind?: Kind;
  icon?: IconName;
  isSmall?: boolean;
  children?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

// Without text an icon button needs an aria-label.
export function Button({ kind = "plain", icon, isSmall, children, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} className={`button ${kind} ${isSmall ? "small" : ""} ${children ? "" : "icon-only"}`}>
      {icon && <Icon name={icon} />}
      {children && <span>{children}</span>}
    </AriaButton>
  );
}

export function ButtonLink({ href, kind = "plain", icon, children }: { href: string; kind?: Kind; icon?: IconName; children: ReactNode }) {
  return (
    <Link href={href} className={`button ${kind}`}>
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </Link>
  );
}

interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  error?: string;
  isRequired?: boolean;
}

interface TextFieldProps extends FieldProps {
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  onKeyDown?: (event: React.KeyboardEvent) => void;
  name?: string;
  type?: "text" | "password" | "email" | "tel" | "date";
  autoComplete?: string;
  inputMode?: "decimal" | "numeric" | "text";
  isMultiline?: boolean;
  rows?: number;
  maxLength?: number;
  // Of a date: the first and the last day that can be given.
  min?: string;
  max?: string;
  isDisabled?: boolean;
  isReadOnly?: boolean;
  autoFocus?: boolean;
  unit?: ReactNode;
  isNumber?: boolean;
  inputRef?: Ref<HTMLInputElement & HTMLTextAreaElement>;
  id?: string;
}

export function TextField(props: TextFieldProps) {
  const { label, hint, error, unit, isMultiline, rows = 3, isNumber, inputRef, inputMode, onKeyDown, type = "text", min, max, ...rest } = props;
  const input = `input ${isNumber ? "number" : ""}`;
  return (
    <AriaTextField {...rest} type={type} isInvalid={Boolean(error)} validationBehavior="aria" className="field"
      {...(onKeyDown ? { onKeyDown } : {})}>
      <Label className="label">{label}</Label>
      <span className="input-row">
        {isMultiline
          ? <TextArea className="input" rows={rows} ref={inputRef} />
          : <Input className={input} ref={inputRef} {...(inputMode ? { inputMode } : {})} {...(min ? { min } : {})} {...(max ? { max } : {})} />}
        {unit && <span className="unit">{unit}</span>}
      </span>
      {hint && <Text slot="description" className="hint">{hint}</Text>}
      <FieldError className="field-error">{error}</FieldError>
    </AriaTextField>
  );
}

export function SearchField({ label, value, onChange, inputRef }:
  { label: string; value: string; onChange: (value: string) => void; inputRef?: Ref<HTMLInputElement> }) {
  const { t } = useTranslation();
  return (
    <AriaSearchField aria-label={label} value={value} onChange={onChange} className="search-field">
      <Icon name="search" />
      <Input className="input" ref={inputRef} placeholder={label} />
      {value && <AriaButton className="button quiet icon-only" aria-label={t("clear")}><Icon name="cross" /></AriaButton>}
    </AriaSearchField>
  );
}

export interface Choice { id: string; text: string; }

// A list to choose one of. For the empty choice use an id of your own, such as "all".
// Costly to draw: pages that draw often keep `choices` and `onChange` the same.
export const Select = memo(function Select({ label, hint, error, choices, value, onChange, isLabelHidden, isDisabled, isRequired }:
  FieldProps & { choices: Choice[]; value: string; onChange: (id: string) => void; isLabelHidden?: boolean; isDisabled?: boolean }) {
  return (
    <AriaSelect className="field select" selectedKey={value || null} onSelectionChange={(key) => onChange(String(key))}
      isInvalid={Boolean(error)} isDisabled={isDisabled ?? false} isRequired={isRequired ?? false}
      {...(isLabelHidden ? { "aria-label": String(label) } : {})}>
      {!isLabelHidden && <Label className="label">{label}</Label>}
      <AriaButton className="input select-button">
        <SelectValue className="select-value" />
        <Icon name="down" />
      </AriaButton>
      {hint && <Text slot="description" className="hint">{hint}</Text>}
      <FieldError className="field-error">{error}</FieldError>
      <Popover className="popover">
        <ListBox className="list-box" items={choices}>
          {(choice: Choice) => <ListBoxItem className="list-item" id={choice.id}>{choice.text}</ListBoxItem>}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
});

export function RadioGroup({ label, hint, error, choices, value, onChange, isDisabled }:
  FieldProps & { choices: Choice[]; value: string; onChange: (id: string) => void; isDisabled?: boolean }) {
  return (
    <AriaRadioGroup className="field radio-group" value={value || null} onChange={onChange} isInvalid={Boolean(error)} isDisabled={isDisabled ?? false}>
      <Label className="label">{label}</Label>
      <div className="radios">
        {choices.map((choice) => (
          <Radio key={choice.id} value={choice.id} className="radio"><span className="radio-mark" aria-hidden="true" />{choice.text}</Radio>
        ))}
      </div>
      {hint && <Text slot="description" className="hint">{hint}</Text>}
      <FieldError className="field-error">{error}</FieldError>
    </AriaRadioGroup>
  );
}

export function Checkbox({ children, isSelected, isIndeterminate, onChange, isDisabled, ...rest }:
  { children?: ReactNode; isSelected: boolean; isIndeterminate?: boolean; onChange: (isSelected: boolean) => void; isDisabled?: boolean; "aria-label"?: string }) {
  return (
    <AriaCheckbox className="checkbox" isSelected={isSelected} isIndeterminate={isIndeterminate ?? false} onChange={onChange} isDisabled={isDisabled ?? false} {...rest}>
      <span className="checkbox-mark" aria-hidden="true"><Icon name={isIndeterminate ? "minus" : "check"} /></span>
      {children}
    </AriaCheckbox>
  );
}
