// The wall.
export default {
  title: "Wall",
  full: "Full screen",
  leaveFull: "Leave (Esc)",
  sent: "{{share}}% sent",
  sentOf: "{{sent}} of {{total}}",
  at: "at {{time}}",
  whole: "The whole round",
  places: "Municipalities",
  behind: "The {{count}} municipalities furthest behind",
  groups: "Groups of indicators",
  emptyTitle: "Nothing to count yet",
  empty: "Organisations of your territory have no indicators in this round.",
} as const;
