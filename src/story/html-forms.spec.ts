import { describe, expect, it } from '@jest/globals';
import { formsOf, textOf } from './html-forms.js';

const PAGE = `
  <head><title>Not read</title></head><script>var x = "<b>";</script>
  <h1>Ada&#39;s &amp; Bo&nbsp;s</h1>
  <form method="post" action="/notices/1/action">
    <input type="hidden" name="_csrf" value="t&quot;1">
    <input class="a" id="in-yes" name="inSchool" type="radio" value="yes" checked><label for="in-yes"> Yes </label>
    <input id="in-no" name="inSchool" type="radio" value="no"><label for="in-no">No</label>
    <textarea id="w" name="words" rows="4">kept &lt;here&gt;</textarea>
    <button name="answer" value="go">Go</button>
    <input name="off" value="1" disabled>
  </form>
  <form action="/search"><input name="q"></form>`;

describe('reading a page as a person without JavaScript', () => {
  it('finds what can be filled in, and what is sent when nothing is touched', () => {
    const [form, search] = formsOf(PAGE);
    expect(form).toMatchObject({ action: '/notices/1/action', method: 'post' });
    expect([...(form?.names ?? [])].sort()).toEqual(['answer', 'inSchool', 'words']);
    expect(Object.fromEntries(form?.initial ?? [])).toEqual({
      _csrf: 't"1',
      inSchool: 'yes',
      words: 'kept <here>',
    });
    expect(form?.radios).toEqual([
      { name: 'inSchool', value: 'yes', label: 'Yes' },
      { name: 'inSchool', value: 'no', label: 'No' },
    ]);
    expect(search).toMatchObject({ action: '/search', method: 'get' });
  });

  it('reads the words and nothing else', () => {
    expect(textOf(PAGE)).toBe("Ada's & Bo s Yes No kept <here> Go");
  });
});
