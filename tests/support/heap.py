"""Requests that reach a service as one heap, so that its workers carry them out together."""
import signal
import threading

from waiting import NotInTime, eventually

OUTSTANDING = "vekha_bus_outstanding"
# Shorter than what brokers take for frozen.
HELD_S = 1.0
COMMANDS, BATCHES = "vekha_batched_commands_total", "vekha_command_batches_total"


def send_as_one_heap(stack, service, requests):
    """requests: name -> function that asks. Returns name -> reply, and commands and batches of the service meanwhile."""
    replies = {}
    # A service that is held for too long counts as frozen and is asked no more: everybody stands ready before.
    begin = threading.Event()

    def send(name, ask):
        def run():
            begin.wait()
            replies[name] = ask()
        return threading.Thread(target=run)

    before = stack.metrics(service)
    threads = [send(name, ask) for name, ask in requests.items()]
    for thread in threads:
        thread.start()
    stack.signal(service, signal.SIGSTOP)
    try:
        begin.set()
        # Whether they met is what `batches` tells; who came later than this is carried out alone.
        eventually(lambda: stack.metrics("gateway")[OUTSTANDING] >= len(threads), within=HELD_S)
    except NotInTime:
        pass
    finally:
        stack.signal(service, signal.SIGCONT)
    for thread in threads:
        thread.join()
    after = stack.metrics(service)
    return replies, after[COMMANDS] - before[COMMANDS], after[BATCHES] - before[BATCHES]
