export default {
  title: "Help",
  intro: "The sections are numbered: on the telephone it is enough to name the number.",
  contents: "Contents",
  sections: {
    "1": {
      title: "Login and account",
      parts: {
        "1": { title: "Login and password", text: "The administrator of your region issues the login and a one-time password. If the password is lost, the administrator issues another one-time password: the cabinet does not restore passwords and does not send them by e-mail.\nAfter several wrong attempts the login is closed for a while; the login page says for how long." },
        "2": { title: "First login", text: "At the first login the system asks you to replace the one-time password with one of your own. Nobody sees it, not even the administrator." },
        "3": { title: "Profile", text: "Name, position, telephone and e-mail are needed so that you can be reached when there is a question about the data. Reminders of due dates go to this e-mail address." },
        "4": { title: "Sessions", text: "The page «My sessions» shows where you are logged in. End a session you do not know, and change the password." },
      },
    },
    "2": {
      title: "For respondents: filling in indicators",
      parts: {
        "1": { title: "Four tabs", text: "All indicators, in work, rejected, in review. A group of indicators is on a tab when at least one of its indicators is in that state. A click on the name of a group opens and closes it." },
        "2": { title: "Entering a value", text: "Numbers may be written with a comma or a point. A percent indicator takes two numbers and computes the percent by itself: the first divided by the second, times 100. When the part is larger than the whole, the system asks you to confirm it.\nUntil you send a value, only you see it." },
        "3": { title: "Evidence", text: "A document is needed only where the indicator says so. PDF is accepted. With the answer «No» or 0 no document is needed." },
        "4": { title: "Sending for review", text: "The button «Send for review» appears when the value is saved and the required document is there. What has been sent cannot be changed, but it can be withdrawn until an operator has opened it." },
        "5": { title: "A rejected indicator", text: "The operator has returned the value with a resolution that says what to correct. Correct the value or replace the document and send it again." },
        "6": { title: "Input closed", text: "After a value is accepted, input is closed until the date on which new data are expected. The indicator opens by itself in the next collection round." },
      },
    },
    "3": {
      title: "For operators: review",
      parts: {
        "1": { title: "The queue", text: "The queue holds everything that organisations of your territory have sent, longest waiting first. The filters and the selected indicator are in the address of the page: the link can be sent to a colleague." },
        "2": { title: "Checking an indicator", text: "Beside the list you see the value, the value accepted before with the change in percent, the document and the history of verdicts.\n«Take it» closes the indicator for colleagues, and its author can no longer withdraw it. Looking through the list takes nothing." },
        "3": { title: "Returning with a resolution", text: "The resolution is mandatory: the respondent reads it beside the value. Frequent wordings can be kept and put in with one click, and then edited." },
        "4": { title: "Accepting many at once", text: "Tick the rows. Before anything is accepted the system shows a summary and names the values that differ much from the previous ones. If some indicators could not be accepted, the reason is given for each." },
        "5": { title: "Two operators on one indicator", text: "Each version is decided once. If a colleague was faster, you are told, and the queue goes on with the next indicator. An indicator that was taken and left for more than half an hour may be taken by another operator." },
        "6": { title: "Keys", text: "J and K: next and previous, Enter: take it, A: accept, R: return, Ctrl+Enter: send the resolution and go on, /: search, X: tick the row, ?: list of keys. The keyboard layout does not matter: the same places on the keyboard work." },
      },
    },
    "4": {
      title: "For coordinators: reports",
      parts: {
        "1": { title: "Start report", text: "Shows which organisations of the territory have begun and which have not, with the telephone of the person responsible on the same row." },
        "2": { title: "Data provided", text: "«New values» have been sent and not yet checked. «Last accepted» have passed the review. The report can be made as of a past date." },
        "3": { title: "Why «No data»", text: "Each such row says why: never logged in, logged in but not begun, a draft exists, in review, rejected, not yet due." },
        "4": { title: "Statistics", text: "Totals and charts of the same data. A coordinator changes and accepts nothing: only respondents and operators do." },
      },
    },
    "5": {
      title: "For administrators",
      parts: {
        "1": { title: "Programmes and collection rounds", text: "A programme is a set of groups of indicators. A round opens them to the participants until a due date, which can be moved." },
        "2": { title: "Organisations", text: "The list of organisations is loaded from a file. A dry run comes first: it shows the errors row by row." },
        "3": { title: "Accounts", text: "Logins and one-time passwords are issued for many organisations at once and printed as sheets. A lost password is replaced by another one-time password." },
      },
    },
    "6": {
      title: "Notifications",
      parts: {
        "1": { title: "The bell", text: "The number at the bell is how many notifications you have not read. The button in a notification leads to where something has to be done." },
        "2": { title: "Letters", text: "Under «Settings» you choose what is sent as a letter. A notification appears in the cabinet in any case." },
      },
    },
  },
  wordsTitle: "Words",
  wordsIntro: "Letters and the old instruction use other words. This is what they mean in this cabinet.",
  words: {
    systemOperator: { word: "System operator (оператор системы)", meaning: "The old instruction gives this name to two different people: the one who fills in an organisation's data and the one who checks them. Here the first is the respondent, the second the operator." },
    respondent: { word: "Respondent (исполнитель)", meaning: "The person in an organisation who enters and sends values. In the old instruction and reports: «user» or «system operator»." },
    operator: { word: "Operator (оператор)", meaning: "The person who checks: accepts a value or returns it with a resolution." },
    coordinator: { word: "Coordinator (координатор)", meaning: "Watches how the organisations of a territory provide their data; enters and accepts nothing." },
    curator: { word: "Curator (куратор)", meaning: "Accompanies the schools entrusted to him in the «500+» project." },
    indicator: { word: "Indicator (показатель)", meaning: "In the old instruction «индикатив»: one question, answered by a number, a percent, yes or no." },
    group: { word: "Group of indicators", meaning: "The indicators of one result or measure, together." },
    round: { word: "Collection round (период сбора)", meaning: "From the opening of the indicators to the due date. Participants, due date and evidence are set for each round." },
    resolution: { word: "Resolution (резолюция)", meaning: "The reason why the operator has returned a value." },
    evidence: { word: "Evidence (подтверждающий документ)", meaning: "A PDF file that shows that the value is right: an order, an agreement, a list." },
    authority: { word: "МОУО", meaning: "Municipal education authority. Its specialists get two cabinets: a respondent's and a coordinator's." },
  },
  contactsTitle: "Whom to ask",
  contactsIntro: "Say which programme you fill in or check, and the number of the section of help. If the page showed an error, open «Details for support» in it and read out the code.",
  noContacts: "The programme names no contact yet. Ask the administrator of your region.",
} as const;
