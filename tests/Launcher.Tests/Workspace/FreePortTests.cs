using System.Net;
using System.Net.Sockets;
using CocoonPool.Client.Launcher;
using CocoonPool.Client.Launcher.Workspace;

namespace CocoonPool.Launcher.Tests.Workspace;

/// <summary>Each test has an environment variable of its own: the environment is shared by all of them.</summary>
public class FreePortTests
{
    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("-1")]
    [InlineData("http")]
    [InlineData("80 80")]
    public void PortThatIsNone_IsRefused_WithTheVariablesName(string value) =>
        Should.Throw<LauncherException>(() => Configured("COCOON_TEST_BAD_PORT_" + value, value)).Message.ShouldStartWith($"COCOON_TEST_BAD_PORT_{value}={value} is no port");

    [Fact]
    public void TakenPort_IsRefused()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        Should.Throw<LauncherException>(() => Configured("COCOON_TEST_TAKEN_PORT", $"{port}")).Message.ShouldBe(
            $"Port {port} (COCOON_TEST_TAKEN_PORT) is in use; choose another one, or leave it out for a free one.");
    }

    [Fact]
    public void FreePort_IsTaken_AsConfigured()
    {
        var port = FreePort.Any();
        Configured("COCOON_TEST_FREE_PORT", $"{port}").ShouldBe(port);
    }

    [Fact]
    public void NoPort_GivesAFreeOne() => FreePort.Configured("COCOON_TEST_NO_PORT").ShouldBeInRange(1024, 65535);

    private static int Configured(string variable, string value)
    {
        Environment.SetEnvironmentVariable(variable, value);
        try
        {
            return FreePort.Configured(variable);
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
        }
    }
}
