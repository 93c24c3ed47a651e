import type { Field } from './header';
import { findItemName } from './name-field';

const fieldsOf = (...names: string[]): Field[] =>
  names.map((name) => ({ name, type: 'token', column: `${name}:token` }));

describe('findItemName', () => {
  it.each([
    [['brand_name', 'title', 'categories'], 'title'],
    [['app_name', 'title'], 'title'],
    [['name', 'movie_title'], 'movie_title'],
    [['category_name', 'item_name'], 'item_name'],
    [['url', 'name'], 'name'],
    [['job_title', 'username'], 'job_title'],
    [['album_title'], 'album_title'],
    [['category_name', 'author_names', 'username', 'brand_name', 'venue_category_name', 'entitlement'], undefined],
    [['genre'], undefined],
  ])('finds among %p the field %p', (names, expected) => {
    expect(findItemName(fieldsOf(...names))?.name).toBe(expected);
  });

  it('takes labels alone', () => {
    expect(findItemName([{ name: 'title', type: 'float', column: 'title:float' }])).toBeUndefined();
  });
});
