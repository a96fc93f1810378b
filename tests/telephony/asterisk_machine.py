"""As much of Asterisk as our dialplan needs: one channel that runs it, step by step."""

import re

_STEP = re.compile(r"\s*(?:exten => (\w+),1|same => n(?:\((\w+)\))?),(.*)")
_CONDITION = re.compile(r'GotoIf\(\$\["(.*?)" (=|!=) "(.*?)"\]\?(\w+)(,1)?\)')


class Channel:
    """A channel in a dialplan; a step that is not known here, as one that forks or waits, fails.

    ``texts`` are files in the order in which Asterisk reads them: of two definitions of the same
    step the first one counts.
    """

    def __init__(self, *texts, **variables):
        self.steps, self.labels = {}, {}
        self.variables, self.queue, self.handlers = variables, [], []
        for text in texts:
            self._read(text)

    def _read(self, text):
        context, extension, position = "", "", 0
        for line in text.splitlines():
            if match := re.fullmatch(r"\s*\[([\w-]+)\]\s*", line):
                context = match[1]
            elif match := _STEP.fullmatch(line):
                position = 0 if match[1] else position + 1
                extension = match[1] or extension
                self.steps.setdefault((context, extension, position), match[3])
                if match[2]:
                    self.labels[context, extension, match[2]] = position

    def run(self, context, extension, *arguments):
        position = 0
        while True:
            step = self._filled(self.steps[context, extension, position], arguments)
            position += 1
            if step in ("Return()", "Hangup()"):
                return
            if match := re.fullmatch(r"Goto\((\w+),1\)", step):
                extension, position = match[1], 0
            elif match := _CONDITION.fullmatch(step):
                if (match[1] == match[3]) == (match[2] == "="):
                    if match[5]:
                        extension, position = match[4], 0
                    else:
                        position = self.labels[context, extension, match[4]]
            elif match := re.fullmatch(r"Gosub\(([\w-]+),(\w+),1\((.*)\)\)", step):
                self.run(match[1], match[2], *match[3].split(","))
            else:
                self._set(step)

    def _filled(self, text, arguments):
        known = self.variables | {f"ARG{at}": text for at, text in enumerate(arguments, 1)}
        return re.sub(r"\$\{(\w+)\}", lambda name: known.get(name[1], ""), text)

    def _set(self, step):
        if match := re.fullmatch(r"Set\((LC_\w+)=(.*)\)", step):
            self.variables[match[1]] = match[2]
        elif match := re.fullmatch(r"Set\(FILE\(([^,]+),,,al,u\)=(.*)\)", step):
            self.queue.append((match[1], match[2]))
        elif match := re.fullmatch(r"Set\(CHANNEL\(hangup_handler_push\)=([\w-]+),(\w+),1\)", step):
            self.handlers.append((match[1], match[2]))
        else:
            raise AssertionError(f"not a step that costs nothing: {step}")

    def hang_up(self):
        for context, extension in reversed(self.handlers):
            self.run(context, extension)
