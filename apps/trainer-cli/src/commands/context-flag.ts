import { UsageError } from '@vector-recall/command-line';

/** What a `--context` flag takes, for its help. */
export const contextFlag = {
  flags: '--context <labels>',
  help: 'the circumstances of the request, as in device=phone,country=PT; info names the parts that the model reads',
};

/**
 * Reads `device=phone,country=PT`. A label ends at a comma, and may hold further equals signs.
 * @throws UsageError where a part has no name or no label, or a name comes twice
 */
export function parseContext(text: string): Record<string, string> {
  const context = new Map<string, string>();
  for (const part of text.split(',')) {
    const place = part.indexOf('=');
    const name = part.slice(0, Math.max(place, 0));
    if (name === '' || place === part.length - 1) {
      throw new UsageError(`--context has "${part}", but each part must be NAME=LABEL, as in device=phone.`);
    }
    if (context.has(name)) throw new UsageError(`--context has ${name} twice; give each part one label.`);
    context.set(name, part.slice(place + 1));
  }
  return Object.fromEntries(context);
}
