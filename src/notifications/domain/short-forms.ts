/** First names and the short forms that schools' contact lists and police records use for each other. */
const GROUPS = [
  'alexander alexandra alex sandy sandra lexi', 'andrew andy drew', 'anthony antony tony', 'catherine katherine kathryn cathy kathy kate katie kat',
  'charles charlotte charlie', 'christopher christine christina chris tina', 'daniel danielle dan danny dani', 'david dave', 'deborah debra debbie deb',
  'edward ted ed eddie', 'elizabeth elisabeth liz lizzie beth betty eliza libby', 'frances francis fran frankie', 'gillian jill gill',
  'james jim jimmy jamie', 'jennifer jenny jen', 'john jon jack johnny', 'joseph josephine joe jo josie', 'joanne joanna jo',
  'margaret maggie meg peggy', 'matthew matt', 'michael mike mick', 'mohammed muhammad mohamed mohammad mo', 'nicholas nicola nick nicky nikki',
  'patricia patrick pat trish tricia paddy', 'peter pete', 'philip phillip phil', 'rebecca becky becca', 'richard rick dick richie',
  'robert rob bob bobby', 'samuel samantha sam', 'stephen steven steve', 'susan susanne suzanne sue suzie', 'thomas tom tommy',
  'timothy tim', 'victoria vicky vicki tori', 'william will bill billy liam',
].map((group) => new Set(group.split(' '))); // prettier-ignore

/** True when two normalised first names are forms of one name. */
export function areFormsOfOneName(one: string, other: string): boolean {
  return GROUPS.some((group) => group.has(one) && group.has(other));
}

/** The other forms of a normalised first name, of every name that it is a form of. */
export function formsOf(name: string): string[] {
  const forms = GROUPS.filter((group) => group.has(name)).flatMap((group) => [...group]);
  return [...new Set(forms)].filter((form) => form !== name);
}
