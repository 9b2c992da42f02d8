// The wall.
export default {
  title: "Табло",
  full: "На весь экран",
  leaveFull: "Выйти (Esc)",
  sent: "Отправлено {{share}} %",
  sentOf: "{{sent}} из {{total}}",
  at: "на {{time}}",
  whole: "Весь период сбора",
  places: "Муниципалитеты",
  behind: "{{count}} муниципалитетов, которые дальше всех от цели",
  groups: "Группы показателей",
  emptyTitle: "Считать пока нечего",
  empty: "В этом периоде сбора у организаций вашей территории нет показателей.",
} as const;
