export default {
  title: "Section",
} as const;
