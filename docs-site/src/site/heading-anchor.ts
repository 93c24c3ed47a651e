/**
 * The anchor of a heading as GitHub makes it, so that one link works there and in the site.
 * @param text of the heading, without its markup
 */
export function headingAnchor(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}\p{Mark}\s_-]/gu, '')
    .replaceAll(/\s/gu, '-');
}
