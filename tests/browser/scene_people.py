"""People of scenes: how a browser logs in as one, and how a scene acts as one."""


def person(client):
    return {"login": client.login_name, "password": client.password}


def entered(world, who):
    client = world.client()
    client.login(who["login"], who["password"])
    return client
