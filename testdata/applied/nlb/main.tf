locals {
  zones = { a = "us-east-1a", b = "us-east-1b" }
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_subnet" "public" {
  for_each          = local.zones
  vpc_id            = aws_vpc.main.id
  cidr_block        = cidrsubnet("10.0.0.0/16", 8, each.key == "a" ? 0 : 1)
  availability_zone = each.value
}

resource "aws_route_table_association" "public" {
  for_each       = aws_subnet.public
  subnet_id      = each.value.id
  route_table_id = aws_route_table.public.id
}

resource "aws_subnet" "app" {
  for_each          = local.zones
  vpc_id            = aws_vpc.main.id
  cidr_block        = cidrsubnet("10.0.0.0/16", 8, each.key == "a" ? 10 : 11)
  availability_zone = each.value
}

resource "aws_security_group" "lb" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  ingress {
    from_port   = 8443
    to_port     = 8443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# Clients are seen here as they are.
resource "aws_security_group" "kept" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port   = 8443
    to_port     = 8443
    protocol    = "tcp"
    cidr_blocks = ["203.0.113.0/24"]
  }
}

# Here the nodes are seen.
resource "aws_security_group" "nodes" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port       = 9443
    to_port         = 9443
    protocol        = "tcp"
    security_groups = [aws_security_group.lb.id]
  }
}

resource "aws_security_group" "web" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/16"]
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "kept" {
  for_each               = aws_subnet.app
  ami                    = "ami-00000001"
  instance_type          = "t3.micro"
  subnet_id              = each.value.id
  vpc_security_group_ids = [aws_security_group.kept.id]
}

resource "aws_instance" "seen" {
  ami                    = "ami-00000001"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.app["a"].id
  vpc_security_group_ids = [aws_security_group.nodes.id]
}

resource "aws_instance" "client" {
  ami                    = "ami-00000001"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.public["b"].id
  vpc_security_group_ids = [aws_security_group.web.id]
}

resource "aws_eip" "front" {
  for_each = local.zones
}

resource "aws_lb" "front" {
  load_balancer_type = "network"
  dynamic "subnet_mapping" {
    for_each = aws_eip.front
    content {
      subnet_id     = aws_subnet.public[subnet_mapping.key].id
      allocation_id = subnet_mapping.value.id
    }
  }
  security_groups = [aws_security_group.lb.id]
}

resource "aws_lb" "open" {
  load_balancer_type               = "network"
  internal                         = true
  enable_cross_zone_load_balancing = true
  subnets                          = [aws_subnet.app["a"].id]
}

resource "aws_lb" "web" {
  internal        = true
  subnets         = [for s in aws_subnet.app : s.id]
  security_groups = [aws_security_group.web.id]
}

resource "aws_lb_listener" "front" {
  load_balancer_arn = aws_lb.front.arn
  port              = 443
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.kept.arn
  }
}

resource "aws_lb_listener" "seen" {
  load_balancer_arn = aws_lb.front.arn
  port              = 8443
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.seen.arn
  }
}

resource "aws_lb_listener" "open" {
  load_balancer_arn = aws_lb.open.arn
  port              = 80
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}

resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
    }
  }
}

resource "aws_lb_target_group" "kept" {
  vpc_id   = aws_vpc.main.id
  port     = 8443
  protocol = "TCP"
}

resource "aws_lb_target_group" "seen" {
  vpc_id      = aws_vpc.main.id
  target_type = "ip"
  port        = 9443
  protocol    = "TCP"
}

resource "aws_lb_target_group" "web" {
  vpc_id      = aws_vpc.main.id
  target_type = "alb"
  port        = 80
  protocol    = "TCP"
}

resource "aws_lb_target_group_attachment" "kept" {
  for_each         = aws_instance.kept
  target_group_arn = aws_lb_target_group.kept.arn
  target_id        = each.value.id
}

resource "aws_lb_target_group_attachment" "seen" {
  target_group_arn = aws_lb_target_group.seen.arn
  target_id        = aws_instance.seen.private_ip
}

resource "aws_lb_target_group_attachment" "web" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_lb.web.arn
  depends_on       = [aws_lb_listener.web]
}
