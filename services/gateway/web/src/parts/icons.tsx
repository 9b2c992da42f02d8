// The few shapes the cabinet draws. Always decoration: a word or an aria-label stands beside each.
const PATHS = {
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zm4.6-1.9L20 20",
  cross: "M6 6l12 12M18 6L6 18",
  down: "M6 9l6 6 6-6",
  up: "M6 15l6-6 6 6",
  left: "M15 6l-6 6 6 6",
  right: "M9 6l6 6-6 6",
  check: "M5 12.5l4.5 4.5L19 7.5",
  minus: "M6 12h12",
  plus: "M12 5v14M5 12h14",
  bell: "M6 17V11a6 6 0 0 1 12 0v6l1.5 2h-15zM10 21h4",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5",
  menu: "M4 7h16M4 12h16M4 17h16",
  file: "M7 3h7l4 4v14H7zM14 3v5h4",
  upload: "M12 16V5m-5 5l5-5 5 5M5 20h14",
  download: "M12 4v11m-5-5l5 5 5-5M5 20h14",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M5.5 11h13v9h-13z",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
  phone: "M6 4h3l1.5 4.5-2 1.5a11 11 0 0 0 5.5 5.5l1.5-2L20 15v3a2 2 0 0 1-2 2A14 14 0 0 1 4 6a2 2 0 0 1 2-2z",
  mail: "M4 6h16v12H4zM4 7l8 6 8-6",
  copy: "M9 9h10v11H9zM5 15V4h10",
  pause: "M8 5v14M16 5v14",
  play: "M8 5l11 7-11 7z",
  print: "M7 8V4h10v4M5 8h14v8h-3v4H8v-4H5zM8 14h8",
  help: "M9.5 9a2.5 2.5 0 1 1 3.5 2.300c-.7.4-1 .9-1 1.700M12 16.5v.5M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
  alert: "M12 8v5m0 3v.5M12 3l10 18H2z",
  trash: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  send: "M4 12l16-8-5 16-4-6z",
  edit: "M5 19l1-4L16 5l3 3L9 18z",
  list: "M8 6h12M8 12h12M8 18h12M4 6h.5M4 12h.5M4 18h.5",
  chart: "M5 20V10m7 10V4m7 16v-7",
  building: "M4 20h16M6 20V8l6-4 6 4v12M10 20v-5h4v5M10 10h.5M14 10h.5",
  calendar: "M5 6h14v14H5zM5 10h14M9 3v4M15 3v4",
  key: "M14 10a4 4 0 1 0-3.5 4L12 15.5V17h2v2h3v-3l-3.5-3.5",
  gauge: "M4 17a8 8 0 1 1 16 0M12 17l4-5",
  undo: "M9 8L5 12l4 4M5 12h9a5 5 0 0 1 5 5v1",
  history: "M4 12a8 8 0 1 1 2.5 5.800M4 12l-1.5-3M4 12l3-1.5M12 8v4l3 2",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.8"
      strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
