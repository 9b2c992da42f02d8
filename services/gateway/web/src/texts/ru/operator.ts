export default {
  title: "Раздел",
} as const;
