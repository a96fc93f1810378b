import io
import wave

from odoo.tests import tagged

from ..patience import PatientHttpCase
from .recordings import RecordingCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestRecordingBrowser(RecordingCommon, PatientHttpCase):
    """A browser plays what the controller sends."""

    def test_browser_plays_it_in_the_card_of_the_call(self):
        """The headers keep everything from the browser but the player."""
        file = io.BytesIO()
        with wave.open(file, "wb") as sound:
            sound.setparams((1, 2, 8000, 0, "NONE", ""))
            sound.writeframes(bytes(2 * 8000 * 3))
        self.server.body = file.getvalue()
        call = self._recorded_call()
        code = """
            const timer = setInterval(async () => {
                const player = document.querySelector("audio[controls]");
                if (player) {
                    clearInterval(timer);
                    player.muted = true;
                    player.addEventListener("error", () => console.error("It does not play"));
                    await player.play();
                    player.currentTime = 2;
                    await new Promise((done) => player.addEventListener("ended", done));
                    const message = document.querySelector(".o_field_lead_recording [role=alert]");
                    console.log(
                        player.duration === 3 && !message ? "test successful" : player.duration
                    );
                }
            }, 100);
        """
        for is_stored in (False, True):
            if is_stored:
                self._fetch(call)
                self.server.status = 500
            self.browser_js(f"/odoo/lead-calls/{call.id}", code, login=self.anna.login)
