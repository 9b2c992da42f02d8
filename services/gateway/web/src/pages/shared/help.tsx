// Help by numbered sections (?section=3.2), the words of the system, and whom to call.
import { Fragment, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useParameter } from "../../parts/address";
import { ErrorNotice, Loading, PageHead } from "../../parts/surfaces";
import { useProgrammes } from "./programme";
import "../../styles/shared.css";

interface Part { title: string; text: string; }
interface Section { title: string; parts: Record<string, Part>; }

const anchor = (number: string) => `help-${number.replace(".", "-")}`;

function Contents({ sections, last, current, onGo }:
  { sections: Record<string, Section>; last: [string, string][]; current: string; onGo: (number: string) => void }) {
  const { t } = useTranslation("help");
  const link = (number: string, title: string) => (
    <a href={`/help?section=${number}`} aria-current={number === current ? "true" : undefined} onClick={(event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      onGo(number);
    }}>
      <span className="help-number">{number}</span> {title}
    </a>
  );
  return (
    <nav className="help-contents" aria-label={t("contents")}>
      <strong>{t("contents")}</strong>
      <ol>
        {Object.entries(sections).map(([number, section]) => (
          <li key={number}>
            {link(number, section.title)}
            {current.split(".")[0] === number && (
              <ol>{Object.entries(section.parts).map(([part, { title }]) => <li key={part}>{link(`${number}.${part}`, title)}</li>)}</ol>
            )}
          </li>
        ))}
        {last.map(([number, title]) => <li key={number}>{link(number, title)}</li>)}
      </ol>
    </nav>
  );
}

function Contacts() {
  const { t } = useTranslation("help");
  const programmes = useProgrammes();
  if (programmes.isPending) return <Loading rows={2} />;
  if (programmes.error) return <ErrorNotice error={programmes.error} onRetry={() => void programmes.refetch()} />;
  const known = programmes.data.programmes.filter((programme) => programme.helpContact);
  if (known.length === 0) return <p>{t("noContacts")}</p>;
  return (
    <>
      {known.map((programme) => (
        <Fragment key={programme.programmeId}>
          <h3>{programme.title}</h3>
          <p className="contact">{programme.helpContact}</p>
        </Fragment>
      ))}
    </>
  );
}

export function HelpPage() {
  const { t } = useTranslation("help");
  const [current, setCurrent] = useParameter("section");
  const sections = t("sections", { returnObjects: true }) as Record<string, Section>;
  const words = t("words", { returnObjects: true }) as Record<string, { word: string; meaning: string }>;
  const count = Object.keys(sections).length;
  const wordsNumber = String(count + 1), contactsNumber = String(count + 2);
  useEffect(() => {
    if (current) document.getElementById(anchor(current))?.scrollIntoView();
  }, [current]);
  const mark = (number: string) => (number === current ? "help-target" : undefined);
  const heading = (number: string, title: string) => (
    <><span className="help-number">{number}</span> <span className={mark(number)}>{title}</span></>
  );
  return (
    <>
      <PageHead title={t("title")} status={t("intro")} />
      <div className="help-page">
        <Contents sections={sections} last={[[wordsNumber, t("wordsTitle")], [contactsNumber, t("contactsTitle")]]} current={current}
          onGo={(number) => setCurrent(number, true)} />
        <div>
          {Object.entries(sections).map(([number, section]) => (
            <section key={number} className="help-section" id={anchor(number)}>
              <h2>{heading(number, section.title)}</h2>
              {Object.entries(section.parts).map(([part, { title, text }]) => (
                <Fragment key={part}>
                  <h3 id={anchor(`${number}.${part}`)}>{heading(`${number}.${part}`, title)}</h3>
                  {text.split("\n").map((paragraph) => <p key={paragraph}>{paragraph}</p>)}
                </Fragment>
              ))}
            </section>
          ))}
          <section className="help-section" id={anchor(wordsNumber)}>
            <h2>{heading(wordsNumber, t("wordsTitle"))}</h2>
            <p className="muted">{t("wordsIntro")}</p>
            <dl className="words">
              {Object.entries(words).map(([key, { word, meaning }]) => <Fragment key={key}><dt>{word}</dt><dd>{meaning}</dd></Fragment>)}
            </dl>
          </section>
          <section className="help-section" id={anchor(contactsNumber)}>
            <h2>{heading(contactsNumber, t("contactsTitle"))}</h2>
            <p className="muted">{t("contactsIntro")}</p>
            <Contacts />
          </section>
        </div>
      </div>
    </>
  );
}
