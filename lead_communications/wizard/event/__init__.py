from . import hand_over
