// Of several programmes at once, the one that the pages show. Kept in the address.
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useLocation } from "wouter";
import { useParameter } from "../../parts/address";
import { Icon } from "../../parts/icons";
import { nameOf, PARAMETER, useOwnProgrammes } from "./programme";

const ALL = "all";

// `stay`: addresses of pages that follow the choice; from others it leads to the first of them.
export function ProgrammeChooser({ stay }: { stay: string[] }) {
  const { t } = useTranslation();
  const [location, go] = useLocation();
  const [chosen] = useParameter(PARAMETER);
  const programmes = useOwnProgrammes();
  if (programmes.length < 2) return null;
  const current = programmes.find((programme) => programme.code === chosen);
  const name = current ? nameOf(current) : t("programme.all");
  const act = (key: React.Key) => {
    const path = stay.includes(location) ? location : (stay[0] ?? "/");
    go(key === ALL ? path : `${path}?${PARAMETER}=${encodeURIComponent(String(key))}`);
  };
  return (
    <MenuTrigger>
      <AriaButton className="button quiet programme-button" aria-label={`${t("programme.choose")}. ${name}`}>
        <span className="programme-name">{name}</span>
        <Icon name="down" size={16} />
      </AriaButton>
      <Popover className="popover" placement="bottom start">
        <Menu className="list-box" selectionMode="single" selectedKeys={[current?.code ?? ALL]} onAction={act} aria-label={t("programme.choose")}>
          <MenuItem className="list-item" id={ALL}>{t("programme.all")}</MenuItem>
          {programmes.map((programme) => (
            <MenuItem key={programme.code} className="list-item" id={programme.code} textValue={nameOf(programme)}>
              {nameOf(programme)}
              {programme.shortTitle && <span className="programme-full">{programme.title}</span>}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
