"""How FreeSWITCH is set up to report its calls: the file it reads, and the steps."""

from xml.sax.saxutils import quoteattr

_USER = "odoo"


def configuration(url: str, secret: str, env) -> tuple[str, str]:
    """Return name and content of the file that FreeSWITCH reads; it has the secret in it."""
    content = f"""<configuration name="json_cdr.conf" description="Odoo">
    <settings>
        <param name="log-b-leg" value="true"/>
        <param name="prefix-a-leg" value="false"/>
        <param name="encode" value="false"/>
        <param name="url" value={quoteattr(url)}/>
        <param name="auth-scheme" value="basic"/>
        <param name="cred" value={quoteattr(f"{_USER}:{secret}")}/>
        <param name="retries" value="3"/>
        <param name="delay" value="5"/>
        <param name="enable-cacert-check" value="true"/>
        <param name="err-log-dir" value="/var/log/freeswitch/json_cdr"/>
    </settings>
</configuration>
"""
    return "json_cdr.conf.xml", content


def setup_steps(url: str, env) -> str:
    """Return what the administrator does on the FreeSWITCH server."""
    return "\n\n".join(
        [
            env._(
                "1. Download the configuration with the button on this page, and put it on the"
                " FreeSWITCH server as autoload_configs/json_cdr.conf.xml. It has the secret in it:"
            ),
            "    install -m 640 -o freeswitch json_cdr.conf.xml /etc/freeswitch/autoload_configs/",
            env._("2. Load the module, and add it to autoload_configs/modules.conf.xml:"),
            '    fs_cli -x "load mod_json_cdr"\n    <load module="mod_json_cdr"/>',
            env._("It reports each leg of each call to:"),
            f"    {url}",
            env._(
                "In Lines, the extension of a salesperson is the name of their FreeSWITCH user"
                " (1001)."
            ),
        ]
    )
