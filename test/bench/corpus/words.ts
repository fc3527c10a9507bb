/** Invented words that invented schools are called by. How often a name recurs is what matters, not which it is. */
export const SAINTS: readonly [string, number][] = [
  ["St Mary's", 40], ["St John's", 26], ["St Peter's", 24], ["St Joseph's", 24], ['All Saints', 20], ['Holy Trinity', 18],
  ["St Paul's", 16], ["St Michael's", 14], ["St James'", 12], ["St Anne's", 12], ["St Mark's", 12], ["St Thomas'", 10],
  ["St Andrew's", 10], ["St Luke's", 8], ["St Matthew's", 8], ["St Patrick's", 8], ['Sacred Heart', 8], ["St Bede's", 6],
  ["St Chad's", 6], ["St Cuthbert's", 6], ["St Oswald's", 5], ["St Wilfrid's", 5], ["St Hilda's", 4], ["St Margaret's", 4],
  ["St Mary and St Joseph's", 3], ["St Mary Magdalene's", 3], ["St Peter and St Paul's", 3], ["Our Lady and St Oswald's", 3],
]; // prettier-ignore

/** Names that recur up and down the country. */
export const COMMON = [
  'Oakfield', 'Riverside', 'Hillside', 'Parkside', 'Greenfield', 'Woodlands', 'Meadowbank', 'Highfield', 'Brookside', 'Fairfield',
  'Westfield', 'Northfield', 'Southfield', 'Eastfield', 'The Grove', 'Manor Park', 'Hawthorn', 'The Willows', 'Beechwood', 'Ashfield',
  'Springfield', 'Broadway', 'Church Lane', 'Mill Lane', 'Station Road', 'Park Road', 'Victoria Road', 'Castle Hill', 'Moorside', 'Lakeside',
]; // prettier-ignore

const FRONT = ['Thorn', 'Wex', 'Ash', 'Bram', 'Cold', 'Dun', 'Elm', 'Fern', 'Gar', 'Hart', 'Ing', 'Ket', 'Lang', 'Mar', 'Nether', 'Ox',
  'Pen', 'Quar', 'Raven', 'Stan', 'Tad', 'Up', 'Whit', 'Yar', 'Birk', 'Cran', 'Drake', 'Eller', 'Fold', 'Grims', 'Hazel', 'Kirk',
  'Lind', 'Mickle', 'Norr', 'Owl', 'Pick', 'Rush', 'Scar', 'Threl', 'Ulver', 'Wether', 'Amble', 'Brack', 'Cleck', 'Dagg', 'Esk', 'Flax']; // prettier-ignore
const BACK = ['wick', 'combe', 'ford', 'ley', 'ton', 'by', 'thorpe', 'stead', 'worth', 'dale', 'ham', 'mere', 'bury', 'don', 'hurst', 'well',
  'bridge', 'gate', 'croft', 'beck', 'holme', 'shaw', 'cliffe', 'brook']; // prettier-ignore

export const PLACES: readonly string[] = FRONT.flatMap((front) => BACK.map((back) => front + back));

/** Names that only one or two schools bear. */
export const RARE: readonly string[] = [
  ...[
    'Copper Beech',
    'Fox Hollow',
    'Heron’s Reach',
    'Tanner’s Yard',
    'Skylark Rise',
    'Pebblebrook',
    'Ropewalk',
    'Candlewick',
  ],
  ...[
    'Windmill Top',
    'Stonechat',
    'Quayside',
    'Clock House',
    'Ferryman’s Green',
    'Dovecote',
    'Marigold Street',
    'Swallowfield',
  ],
  ...[
    'Cartwheel',
    'Teasel Park',
    'Kestrel Way',
    'Larkspur',
    'Bramble Hill',
    'Millrace',
    'Lamplighters',
    'Barleymow',
  ],
];

export const FORENAMES = ['Ada', 'Alfie', 'Amelia', 'Arlo', 'Bea', 'Cai', 'Chloe', 'Daniel', 'Daisy', 'Edward', 'Ella', 'Emrys', 'Freya',
  'George', 'Hana', 'Hugo', 'Idris', 'Isla', 'Jack', 'Jasmine', 'Katherine', 'Leo', 'Lily', 'Mohammed', 'Maya', 'Noah', 'Nia', 'Oliver',
  'Olivia', 'Poppy', 'Robert', 'Ruby', 'Samuel', 'Sophie', 'Thomas', 'Tilly', 'William', 'Yusuf', 'Zara', 'Zoe']; // prettier-ignore
export const SURNAMES = ['Ahmed', 'Applegarth', 'Barrowclough', 'Begum', 'Brown', 'Clark', 'Copperfield', 'Davies', 'Dunmore', 'Evans',
  'Fairweather', 'Greenhalgh', 'Hardcastle', 'Hughes', 'Jackson', 'Jones', 'Khan', 'Kowalski', 'Lee', 'Longstaff', 'Martin', 'Morgan',
  'Nowak', 'Oakenshaw', 'Patel', 'Quarrendon', 'Roberts', 'Singh', 'Smith', 'Taylor', 'Thornapple', 'Underhill', 'Walker', 'Williams',
  'Wood', 'Wright', 'Yates', 'Smith-Jones', 'Khan-Morgan', "O'Neill"]; // prettier-ignore

export const NICKNAMES = [
  'the tin school',
  'big school up the hill',
  'the one by the canal',
  "Miss Larkin's",
  'the old board school',
  'Percy Street',
];
