/** The name of the table of a part of the context. */
export function contextWeight(name: string): string {
  return `user.context.${name}.table`;
}
