using System.Net;
using CocoonPool.Client.Launcher.Pool;

namespace CocoonPool.Launcher.Tests.Pool;

/// <summary>Which requests go to another silo, and which must not.</summary>
public sealed class SiloFailoverTests
{
    private const string One = "http://127.0.0.1:1001";
    private const string Two = "http://127.0.0.1:1002";
    private readonly List<string> _asked = [];

    [Fact]
    public async Task Requests_AreSpreadOverTheSilos()
    {
        using var client = Client(_ => new(HttpStatusCode.OK));

        for (var i = 0; i < 4; i++)
            using (await client.GetAsync(One + "/health"))
            {
            }

        _asked.ShouldBe([One, Two, One, Two]);
    }

    [Fact]
    public async Task Command_ThatNoSiloReceived_GoesToTheNext()
    {
        using var client = Client(url => url == One
            ? throw new HttpRequestException(HttpRequestError.ConnectionError, "refused")
            : new(HttpStatusCode.Created));

        using var answer = await client.PostAsync(new Uri(One + "/api/v1/keys"), null);

        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        _asked.ShouldBe([One, Two]);
    }

    [Fact]
    public async Task Command_ThatMayHaveArrived_IsNotSentTwice()
    {
        using var client = Client(_ => throw new HttpRequestException(HttpRequestError.ResponseEnded, "reset"));

        await Should.ThrowAsync<HttpRequestException>(() => client.PostAsync(new Uri(One + "/api/v1/keys"), null));

        _asked.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    public async Task RepeatableRequest_ThatASiloCannotServe_GoesToTheNext(HttpStatusCode status)
    {
        using var client = Client(url => new(url == One ? status : HttpStatusCode.OK));
        using var request = new HttpRequestMessage(HttpMethod.Post, One + "/v1/chat/completions");
        request.Options.Set(SiloFailover.Repeatable, true);

        using var answer = await client.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        _asked.ShouldBe([One, Two]);
    }

    [Fact]
    public async Task OtherServices_AreAskedWhereTheyAre()
    {
        using var client = Client(_ => new(HttpStatusCode.BadGateway));

        using var answer = await client.GetAsync("http://127.0.0.1:2000/api/v2");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        _asked.ShouldBe(["http://127.0.0.1:2000"]);
    }

    private HttpClient Client(Func<string, HttpResponseMessage> answer) =>
        new(new SiloFailover([One, Two], TimeProvider.System, new Answering(_asked, answer)));

    private sealed class Answering(List<string> asked, Func<string, HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var authority = request.RequestUri!.GetLeftPart(UriPartial.Authority);
            asked.Add(authority);
            return Task.FromResult(answer(authority));
        }
    }
}
