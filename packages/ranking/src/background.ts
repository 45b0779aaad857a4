/**
 * Everyday sentences of many fields: what people say to an assistant that knows nothing of it. A catalogue covers at
 * most a few of these fields, so most of the sentences show how high the energy of an unrelated message gets. Written
 * for this package; no sentence is from a test set. Only the energy threshold looks at them: see
 * docs/decisions/2026-11-21-background-set-for-small-catalogues.md.
 */
export const backgroundSentences: readonly string[] = `
will I need an umbrella this afternoon
how cold does it get in the mountains in march
what is a good recipe for vegetable soup
how long should I boil an egg
which wine goes with grilled fish
my bread never rises properly
is there a bakery nearby that opens early
book a table for four at eight tonight
who won the match last night
how many players are on a handball team
when does the football season start
teach me the rules of chess
recommend a novel for a long train ride
who wrote that poem about the raven
what films are showing this weekend
play something relaxing by a jazz trio
turn the volume down a little
skip this song
what was the name of the singer in that band
how do I tune a guitar
wake me at half past six
what time is it in tokyo
how many days until new year
put the dentist on my calendar for monday
remind me to water the plants
add milk and batteries to the shopping list
what is seven percent of four hundred
how many grams are in an ounce
what is the square root of two
convert ten miles to kilometres
how tall is the highest mountain on earth
what is the capital of mongolia
which river runs through the city of vienna
when did the roman empire end
who was president during the war
explain how a black hole forms
why is the sky blue
how far away is the moon
what do whales eat
how do bees find their way home
my cat keeps scratching the sofa
what breed of dog is good with children
how often should I feed goldfish
when do I plant tomatoes
how do I get rid of ants in the kitchen
the lawn has turned yellow
I have a headache and a sore throat
how much sleep does an adult need
what exercise is good for the lower back
how many calories are in an avocado
is it safe to take these two pills together
can you find me a doctor who speaks french
how do I treat a small burn
my knee hurts when I run
translate good morning into spanish
how do you spell necessary
what is the opposite of generous
give me a synonym for happy
what does this proverb mean
help me write a speech for a wedding
write a short poem about autumn
tell me a joke about penguins
tell me something interesting
are you a real person
what is your favourite colour
do you ever get tired
how old are you
I am bored, talk to me
thank you, that was nice of you
good morning, how are you today
see you later
never mind
you are wrong about that
that is not what I said
say that again please
flip a coin for me
roll two dice
pick a number between one and ten
how is the traffic on the way to work
which train goes to the airport
how do I get to the old town from here
is there parking near the station
what is the speed limit on this road
when is the next bus
find a cheap flight to lisbon in june
do I need a visa for brazil
what should I pack for a week of hiking
which hotel has a pool
how much is a taxi to the harbour
my flight was delayed, what now
what vaccinations do I need for kenya
the engine makes a strange noise
how do I change a flat tyre
when is my next oil change due
how much air should be in the tyres
which car uses the least fuel
how do I apply for a passport
where do I vote on sunday
what documents do I need to get married
how is income tax worked out
what are the opening hours of the town hall
is it legal to fly a drone here
who pays for damage caused by a tree
what is the minimum wage
how do I ask my boss for a raise
write a cover letter for a teaching job
how many holidays do I have left this year
when is the staff meeting
what should I wear to an interview
my colleague keeps interrupting me
how do I calm a crying baby
what can I give my mother for her birthday
games for a children's party
my daughter does not want to go to school
how do I help my son with fractions
which school is best for music
how do I learn to swim as an adult
when do the university terms start
how do I remove a wine stain
the washing machine leaks
how do I unblock the sink
which paint is right for a bathroom
how do I hang a picture straight
the heating makes a knocking sound
turn on the lights in the hall
is the front door locked
set the oven to two hundred degrees
vacuum the living room
how do I sharpen a kitchen knife
where can I recycle old glass
what is the share price of that company
is gold a good investment
how do I save for retirement
what is the exchange rate of the yen
how much can I borrow for a house
my card was declined in a shop
send fifty to my brother
how much did I spend on food last month
I want to report a stolen wallet
what is my account balance
how do I open a savings account
my parcel has not come
I would like my money back
this jacket is too small
do you have these shoes in blue
when does the sale start
can I pay in instalments
is there a discount for students
I was charged twice
cancel my subscription
I forgot my password
how do I change my email address
delete my account
the app keeps crashing
my screen is black
how do I take a screenshot
the printer does not print
the internet is slow tonight
how do I free up space on my phone
which laptop is good for video editing
how do I block a phone number
my battery drains too fast
send a text to anna saying I am late
call my sister
read me my messages
what is on the news
who is leading in the election polls
what happened on the stock market today
is there a strike tomorrow
how do I meditate
what is the meaning of life
do ghosts exist
what is my horoscope
how do I make new friends
I had a fight with my best friend
how do I get over a breakup
what makes a good leader
how do I knit a scarf
how do I fold a paper crane
what camera is best for beginners
how do I draw a face
which museums are free on sundays
when is the flower market
how do I train for a marathon
what are the rules of tennis
how much protein should I eat
is yoga good for beginners
how is cheese made
what is a vegan substitute for butter
how do I keep herbs fresh
can I freeze cooked rice
how hot should the oven be for pizza
what is for lunch in the canteen
who invented the telephone
how do aeroplanes stay in the air
how does a vaccine work
what is a prime number
what is the boiling point of alcohol
how many bones are in the body
how do volcanoes erupt
what is the fastest animal
how old is the universe
are there snakes on this island
what is the population of canada
which language do they speak in belgium
who painted the ceiling of that chapel
when was the printing press invented
how do I write a program that sorts names
what is the difference between a virus and a worm
how do I back up my photos
please sing happy birthday
what would you do with a million
can fish hear
I lost my keys somewhere
someone is knocking at the door
the neighbours are too loud
it smells of gas in the kitchen
`
  .split("\n")
  .filter((sentence) => sentence !== "");
