using CocoonPool.Grains.Ledger;
using CocoonPool.Silo.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CocoonPool.Grains.Tests.Ledger;

public sealed class BusyLedgerTests
{
    [Fact]
    public async Task Answer_WhenTheLedgerIsBusy_SaysThatTheServiceIsUnavailableAndWhenToComeAgain()
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services };

        await new ErrorAnswers(_ => throw new LedgerBusyException(), TimeProvider.System, NullLogger<ErrorAnswers>.Instance).InvokeAsync(context);

        (context.Response.StatusCode, context.Response.Headers.RetryAfter.ToString()).ShouldBe((503, "2"));
    }
}
