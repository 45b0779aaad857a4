export { renderTable } from "./render-table.ts";
export { formatLabelSelector } from "./selector-text.ts";
