// Filters that count what they show; one is chosen.
import { formatNumber } from "./format";

export interface Chip { id: string; text: string; count?: number; }

export function Chips({ label, chips, current, onChoose }: { label: string; chips: Chip[]; current: string; onChoose: (id: string) => void }) {
  return (
    <div className="chips" role="group" aria-label={label}>
      {chips.map((chip) => (
        <button key={chip.id} type="button" className="chip" aria-pressed={chip.id === current} onClick={() => onChoose(chip.id)}>
          {chip.count !== undefined && <strong>{formatNumber(chip.count)}</strong>} {chip.text}
        </button>
      ))}
    </div>
  );
}
