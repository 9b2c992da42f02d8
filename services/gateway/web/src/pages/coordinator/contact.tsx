// Whom to call, on the row itself: one press is enough (S2.55, S2.62).
import type { components } from "../../api/schema";
import type { Full } from "../../api/client";
import { Icon } from "../../parts/icons";

export type Contact = Full<components["schemas"]["Contact"]> | null;

const dialled = (phone: string) => phone.replace(/[^\d+,;*#]/g, "");

export function PhoneLink({ phone }: { phone: string | undefined }) {
  return phone ? <a href={`tel:${dialled(phone)}`} className="contact-link">{phone}</a> : <None />;
}

export function MailLink({ email }: { email: string | undefined }) {
  return email ? <a href={`mailto:${email}`} className="contact-link" title={email}>{email}</a> : <None />;
}

// Where the width goes to other things.
export function MailSign({ email }: { email: string | undefined }) {
  return email ? <a href={`mailto:${email}`} className="mail-sign" title={email} aria-label={email}><Icon name="mail" size={18} /></a> : null;
}

export const None = () => <span className="muted">—</span>;
export const Text = ({ children }: { children: string | undefined }) => children ? <span title={children}>{children}</span> : <None />;

export const contactText = (contact: Contact) =>
  contact ? `${contact.name} ${contact.position} ${contact.phone} ${contact.phone.replace(/\D/g, "")} ${contact.email}` : "";
