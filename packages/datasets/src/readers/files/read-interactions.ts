import type { LogLabels } from '../../log/log-builder';
import type { DatasetBuilder } from '../dataset-builder';
import { TimeReader } from '../../tables/times';
import { idRowAt } from '../../tables/values';
import { readRows, type ReadOptions, WITHOUT_ORDER } from '../reading';
import { ContextReader } from './event-context';
import { EventTypeReader } from './event-types';
import { EventWeightReader } from './event-weights';
import type { InteractionsDescription } from './interactions-description';
import { KeepRule } from './keep-rule';
import { openTables } from './open-tables';

/** Hands out places among the columns to read; a column that several parts need is read once. */
class Columns {
  readonly names: string[] = [];

  placeOf(name: string): number {
    const known = this.names.indexOf(name);
    return known >= 0 ? known : this.names.push(name) - 1;
  }
}

/** Reads the events that a description names; the result says what their details stand for. */
export async function readInteractions(
  folder: string,
  description: InteractionsDescription,
  builder: DatasetBuilder,
  onProgress: ReadOptions['onProgress'],
): Promise<LogLabels> {
  const { user, item, timestamp } = description;
  const columns = new Columns();
  // Rows without a value in these are excluded.
  const required = [user, item, ...(timestamp === undefined ? [] : [timestamp.column])];
  const [userAt, itemAt, timeAt] = required.map((name) => columns.placeOf(name));
  const requiredCount = columns.names.length;
  const placeOf = (name: string): number => columns.placeOf(name);
  const rules = description.keep.map((keep) => new KeepRule(keep, placeOf));
  const types = description.type && new EventTypeReader(description.type, description.target, placeOf);
  const weights = description.weight && new EventWeightReader(description.weight, placeOf);
  const context = new ContextReader(description.context, timestamp, placeOf);
  const times = timestamp && new TimeReader(timestamp);
  const hasWeights = weights !== undefined || types?.hasWeights === true;

  for (const table of openTables(folder, description)) {
    const notes = await readRows(
      table,
      columns.names,
      onProgress,
      (block, row) => {
        if (!rules.every((rule) => rule.keeps(block, row))) return;
        const type = types?.typeAt(block, row);
        if (type === null) return;
        const weight = (types?.weightOf(type) ?? 1) * (weights?.weightAt(block, row) ?? 1);
        const userRow = idRowAt(block, row, userAt, builder.users);
        const itemRow = idRowAt(block, row, itemAt, builder.items);
        // Without times, rows that claim to be in order are numbered.
        const place = description.order === 'rows' ? builder.log.length + builder.log.negativeCount : 0;
        const seconds = times?.secondsAt(block, row, timeAt) ?? place;
        builder.log.push(userRow, itemRow, seconds, {
          ...(hasWeights ? { weight } : {}),
          type,
          context: context.labelsAt(block, row, seconds),
        });
      },
      { required: requiredCount },
    );
    builder.notes.push(...notes);
  }

  const order = timestamp === undefined ? (description.order ?? 'none') : 'time';
  builder.notes.push(
    ...rules.flatMap((rule) => rule.notes()),
    ...(types?.notes() ?? []),
    ...(weights?.notes() ?? []),
    ...(builder.log.negativeCount === 0
      ? []
      : [`${builder.log.negativeCount} interactions with a weight of 0 or less count as signals against their item.`]),
    ...(order === 'none' ? [`The log has no timestamps; ${WITHOUT_ORDER}`] : []),
  );
  return { types: types?.labels(), context: context.columns(), order };
}
